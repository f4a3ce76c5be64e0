/* What the Glibc module doesn't show to Swift, and sockaddr, which is kinder to C than to Swift.
   Every function returns what its system call returns: -1 and errno when it fails. None of them
   retries, decides or keeps anything; that is done by the callers in Cluster/System. */
#ifndef CCLUSTERLINUX_H
#define CCLUSTERLINUX_H

#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

/* An IPv4 or IPv6 address with a port, as the core's `Address` has it: halves in host order. */
struct cluster_address {
  uint64_t high;
  uint64_t low;
  uint16_t port;
  uint8_t family; /* 4 or 6; 0: neither */
};

/* Reads a socket address. A mapped IPv4 address (::ffff:a.b.c.d) becomes what it stands for. */
struct cluster_address cluster_address_read(const struct sockaddr *address, socklen_t length);

/* Sockets. `v6` says what family the socket has: one of IPv6 takes mapped IPv4 addresses. */
int cluster_socket(int v6, int datagrams);
int cluster_bind(int socket, int v6, struct cluster_address address);
int cluster_connect(int socket, int v6, struct cluster_address address);
int cluster_accept(int listener, struct cluster_address *peer);
int cluster_local_address(int socket, struct cluster_address *address);
int cluster_set_option(int socket, int level, int name, int value);
int cluster_get_option(int socket, int level, int name, int *value);
ssize_t cluster_send(int socket, const void *bytes, size_t count);

/* The names of options that Swift can't see or sees with another type. */
extern const int cluster_option_tcp, cluster_option_no_delay, cluster_option_user_timeout;
extern const int cluster_option_ip, cluster_option_bind_without_port;
extern const int cluster_option_ipv6, cluster_option_v6_only;

/* How many datagrams the kernel dropped because the socket's receive buffer was full. */
int cluster_receive_drops(int socket, uint32_t *drops);

/* At most CLUSTER_BATCH datagrams at once, each in its slot of `slot` bytes in `arena`. A received
   datagram that didn't fit its slot has a length of UINT32_MAX. */
#define CLUSTER_BATCH 64
int cluster_receive_batch(int socket, uint8_t *arena, size_t slot, struct cluster_address *peers,
                          uint32_t *lengths);
int cluster_send_batch(int socket, int v6, uint8_t *arena, size_t slot,
                       const struct cluster_address *peers, const uint32_t *lengths, int count);

/* Readiness. */
struct cluster_event {
  uint64_t token;
  uint32_t readable; /* also set at the end of input and after an error: reading tells which */
  uint32_t writable; /* also set after an error */
  uint32_t failed;   /* both directions are shut, or an error waits to be read */
};
int cluster_epoll_create(void);
int cluster_epoll_add(int epoll, int descriptor, int readable, int writable, uint64_t token);
int cluster_epoll_change(int epoll, int descriptor, int readable, int writable, uint64_t token);
int cluster_epoll_remove(int epoll, int descriptor);
int cluster_epoll_wait(int epoll, struct cluster_event *events, int capacity, int milliseconds);
int cluster_eventfd(void);

/* A pipe whose reading end waits and whose writing end doesn't; and a handler of `signal` that
   writes the signal's number as one byte to `descriptor`. */
int cluster_pipe(int ends[2]);
int cluster_signal_to_descriptor(int signal, int descriptor);

/* An error number's name and meaning: constant texts, NULL for unknown numbers. */
const char *cluster_error_name(int code);
const char *cluster_error_text(int code);

/* Names the calling thread, in at most 15 bytes. */
int cluster_name_thread(const char *name);

#endif
