#define _GNU_SOURCE
#include "CClusterLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

const int cluster_option_tcp = IPPROTO_TCP;
const int cluster_option_no_delay = TCP_NODELAY;
const int cluster_option_user_timeout = TCP_USER_TIMEOUT;
const int cluster_option_ip = IPPROTO_IP;
const int cluster_option_bind_without_port = IP_BIND_ADDRESS_NO_PORT;
const int cluster_option_ipv6 = IPPROTO_IPV6;
const int cluster_option_v6_only = IPV6_V6ONLY;

/* Addresses */

static uint64_t read_big_endian(const uint8_t *bytes, int count) {
  uint64_t value = 0;
  for (int i = 0; i < count; i++) value = value << 8 | bytes[i];
  return value;
}

static void write_big_endian(uint64_t value, uint8_t *bytes, int count) {
  for (int i = count - 1; i >= 0; i--, value >>= 8) bytes[i] = (uint8_t)value;
}

struct cluster_address cluster_address_read(const struct sockaddr *address, socklen_t length) {
  struct cluster_address result = {0, 0, 0, 0};
  if (address->sa_family == AF_INET && length >= sizeof(struct sockaddr_in)) {
    struct sockaddr_in in;
    memcpy(&in, address, sizeof in);
    result.family = 4;
    result.low = ntohl(in.sin_addr.s_addr);
    result.port = ntohs(in.sin_port);
  } else if (address->sa_family == AF_INET6 && length >= sizeof(struct sockaddr_in6)) {
    struct sockaddr_in6 in;
    memcpy(&in, address, sizeof in);
    result.high = read_big_endian(in.sin6_addr.s6_addr, 8);
    result.low = read_big_endian(in.sin6_addr.s6_addr + 8, 8);
    result.port = ntohs(in.sin6_port);
    int mapped = result.high == 0 && result.low >> 32 == 0xffff;
    result.family = mapped ? 4 : 6;
    if (mapped) result.low &= 0xffffffff;
  }
  return result;
}

static socklen_t write_address(struct cluster_address from, int v6, struct sockaddr_storage *to) {
  memset(to, 0, sizeof *to);
  if (!v6) {
    struct sockaddr_in *in = (struct sockaddr_in *)to;
    in->sin_family = AF_INET;
    in->sin_port = htons(from.port);
    in->sin_addr.s_addr = htonl((uint32_t)from.low);
    return sizeof *in;
  }
  struct sockaddr_in6 *in = (struct sockaddr_in6 *)to;
  in->sin6_family = AF_INET6;
  in->sin6_port = htons(from.port);
  uint64_t low = from.family == 4 ? (0xffffull << 32 | (from.low & 0xffffffff)) : from.low;
  write_big_endian(from.family == 4 ? 0 : from.high, in->sin6_addr.s6_addr, 8);
  write_big_endian(low, in->sin6_addr.s6_addr + 8, 8);
  return sizeof *in;
}

/* Sockets */

int cluster_socket(int v6, int datagrams) {
  int type = (datagrams ? SOCK_DGRAM : SOCK_STREAM) | SOCK_NONBLOCK | SOCK_CLOEXEC;
  return socket(v6 ? AF_INET6 : AF_INET, type, 0);
}

int cluster_bind(int socket, int v6, struct cluster_address address) {
  struct sockaddr_storage storage;
  socklen_t length = write_address(address, v6, &storage);
  return bind(socket, (struct sockaddr *)&storage, length);
}

int cluster_connect(int socket, int v6, struct cluster_address address) {
  struct sockaddr_storage storage;
  socklen_t length = write_address(address, v6, &storage);
  return connect(socket, (struct sockaddr *)&storage, length);
}

int cluster_accept(int listener, struct cluster_address *peer) {
  struct sockaddr_storage storage;
  socklen_t length = sizeof storage;
  memset(&storage, 0, sizeof storage);
  int flags = SOCK_NONBLOCK | SOCK_CLOEXEC;
  int socket = accept4(listener, (struct sockaddr *)&storage, &length, flags);
  if (socket >= 0) *peer = cluster_address_read((struct sockaddr *)&storage, length);
  return socket;
}

int cluster_local_address(int socket, struct cluster_address *address) {
  struct sockaddr_storage storage;
  socklen_t length = sizeof storage;
  int result = getsockname(socket, (struct sockaddr *)&storage, &length);
  if (result == 0) *address = cluster_address_read((struct sockaddr *)&storage, length);
  return result;
}

int cluster_set_option(int socket, int level, int name, int value) {
  return setsockopt(socket, level, name, &value, sizeof value);
}

int cluster_get_option(int socket, int level, int name, int *value) {
  socklen_t length = sizeof *value;
  return getsockopt(socket, level, name, value, &length);
}

ssize_t cluster_send(int socket, const void *bytes, size_t count) {
  return send(socket, bytes, count, MSG_NOSIGNAL | MSG_DONTWAIT);
}

int cluster_receive_drops(int socket, uint32_t *drops) {
  uint32_t figures[SK_MEMINFO_VARS] = {0};
  socklen_t length = sizeof figures;
  int result = getsockopt(socket, SOL_SOCKET, SO_MEMINFO, figures, &length);
  if (result == 0) *drops = figures[SK_MEMINFO_DROPS];
  return result;
}

/* Datagrams */

int cluster_receive_batch(int socket, uint8_t *arena, size_t slot, struct cluster_address *peers,
                          uint32_t *lengths) {
  struct mmsghdr messages[CLUSTER_BATCH];
  struct iovec parts[CLUSTER_BATCH];
  struct sockaddr_storage names[CLUSTER_BATCH];
  memset(messages, 0, sizeof messages);
  for (int i = 0; i < CLUSTER_BATCH; i++) {
    parts[i].iov_base = arena + (size_t)i * slot;
    parts[i].iov_len = slot;
    messages[i].msg_hdr.msg_iov = &parts[i];
    messages[i].msg_hdr.msg_iovlen = 1;
    messages[i].msg_hdr.msg_name = &names[i];
    messages[i].msg_hdr.msg_namelen = sizeof names[i];
  }
  int count = recvmmsg(socket, messages, CLUSTER_BATCH, MSG_DONTWAIT, NULL);
  for (int i = 0; i < count; i++) {
    int cut = messages[i].msg_hdr.msg_flags & MSG_TRUNC;
    socklen_t length = messages[i].msg_hdr.msg_namelen;
    lengths[i] = cut ? UINT32_MAX : messages[i].msg_len;
    peers[i] = cluster_address_read((struct sockaddr *)&names[i], length);
  }
  return count;
}

int cluster_send_batch(int socket, int v6, uint8_t *arena, size_t slot,
                       const struct cluster_address *peers, const uint32_t *lengths, int count) {
  struct mmsghdr messages[CLUSTER_BATCH];
  struct iovec parts[CLUSTER_BATCH];
  struct sockaddr_storage names[CLUSTER_BATCH];
  if (count > CLUSTER_BATCH) count = CLUSTER_BATCH;
  memset(messages, 0, sizeof messages);
  for (int i = 0; i < count; i++) {
    parts[i].iov_base = arena + (size_t)i * slot;
    parts[i].iov_len = lengths[i];
    messages[i].msg_hdr.msg_iov = &parts[i];
    messages[i].msg_hdr.msg_iovlen = 1;
    messages[i].msg_hdr.msg_name = &names[i];
    messages[i].msg_hdr.msg_namelen = write_address(peers[i], v6, &names[i]);
  }
  return sendmmsg(socket, messages, (unsigned)count, MSG_NOSIGNAL | MSG_DONTWAIT);
}

/* Readiness */

static int control(int epoll, int operation, int descriptor, int readable, int writable,
                   uint64_t token) {
  struct epoll_event event = {0};
  event.events = (readable ? EPOLLIN : 0) | (writable ? EPOLLOUT : 0);
  event.data.u64 = token;
  return epoll_ctl(epoll, operation, descriptor, &event);
}

int cluster_epoll_create(void) { return epoll_create1(EPOLL_CLOEXEC); }

int cluster_epoll_add(int epoll, int descriptor, int readable, int writable, uint64_t token) {
  return control(epoll, EPOLL_CTL_ADD, descriptor, readable, writable, token);
}

int cluster_epoll_change(int epoll, int descriptor, int readable, int writable, uint64_t token) {
  return control(epoll, EPOLL_CTL_MOD, descriptor, readable, writable, token);
}

int cluster_epoll_remove(int epoll, int descriptor) {
  return control(epoll, EPOLL_CTL_DEL, descriptor, 0, 0, 0);
}

int cluster_epoll_wait(int epoll, struct cluster_event *events, int capacity, int milliseconds) {
  struct epoll_event found[256];
  int limit = capacity < 256 ? capacity : 256;
  int count = epoll_wait(epoll, found, limit, milliseconds);
  for (int i = 0; i < count; i++) {
    uint32_t flags = found[i].events;
    events[i].token = found[i].data.u64;
    events[i].readable = (flags & (EPOLLIN | EPOLLERR | EPOLLHUP)) != 0;
    events[i].writable = (flags & (EPOLLOUT | EPOLLERR | EPOLLHUP)) != 0;
    events[i].failed = (flags & (EPOLLERR | EPOLLHUP)) != 0;
  }
  return count;
}

int cluster_eventfd(void) { return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC); }

/* Signals and threads */

static volatile sig_atomic_t signal_descriptors[65];

static void write_signal(int signal) {
  int saved = errno;
  uint8_t byte = (uint8_t)signal;
  ssize_t ignored = write(signal_descriptors[signal], &byte, 1);
  (void)ignored;
  errno = saved;
}

int cluster_pipe(int ends[2]) {
  if (pipe2(ends, O_CLOEXEC) != 0) return -1;
  return fcntl(ends[1], F_SETFL, O_NONBLOCK);
}

int cluster_signal_to_descriptor(int signal, int descriptor) {
  if (signal < 1 || signal > 64) {
    errno = EINVAL;
    return -1;
  }
  struct sigaction action;
  memset(&action, 0, sizeof action);
  signal_descriptors[signal] = descriptor;
  action.sa_handler = write_signal;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  return sigaction(signal, &action, NULL);
}

const char *cluster_error_name(int code) { return strerrorname_np(code); }

const char *cluster_error_text(int code) { return strerrordesc_np(code); }

int cluster_name_thread(const char *name) { return pthread_setname_np(pthread_self(), name); }
