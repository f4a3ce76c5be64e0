/* What the Glibc module doesn't show to Swift. */
#ifndef CCLUSTERLINUX_H
#define CCLUSTERLINUX_H
#endif
