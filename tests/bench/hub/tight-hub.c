/* A tight hub in C for comparison: one epoll loop, received bytes are copied to every other client at the end of a turn. */

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { clients_max = 4096, read_max = 1 << 16, events_max = 1024 };

struct client {
  int fd;
  int is_waiting;
  char *queue;
  size_t length, capacity;
};

static struct client clients[clients_max];
static int order[clients_max], count;
static char input[read_max];

static void append(struct client *to, const char *bytes, size_t length) {
  if (to->length + length > to->capacity) {
    to->capacity = (to->length + length) * 2;
    to->queue = realloc(to->queue, to->capacity);
    if (to->queue == NULL) abort();
  }
  memcpy(to->queue + to->length, bytes, length);
  to->length += length;
}

static void leave(int fd) {
  for (int at = 0; at < count; at += 1)
    if (order[at] == fd) order[at] = order[--count];
  free(clients[fd].queue);
  clients[fd] = (struct client){0};
  close(fd);
}

static void flush(int epoll, struct client *to) {
  if (to->is_waiting || to->length == 0) return;
  ssize_t sent = send(to->fd, to->queue, to->length, MSG_NOSIGNAL);
  if (sent < 0) sent = 0;
  if ((size_t)sent < to->length) {
    memmove(to->queue, to->queue + sent, to->length - (size_t)sent);
    to->is_waiting = 1;
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT, .data.fd = to->fd};
    epoll_ctl(epoll, EPOLL_CTL_MOD, to->fd, &event);
  }
  to->length -= (size_t)sent;
}

static void accept_all(int epoll, int listener) {
  for (;;) {
    int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
    if (fd < 0) return;
    if (fd >= clients_max) abort();
    int one = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    clients[fd] = (struct client){.fd = fd};
    order[count++] = fd;
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
    epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
  }
}

static void receive(int fd) {
  ssize_t length = recv(fd, input, sizeof input, 0);
  if (length < 0 && errno == EAGAIN) return;
  if (length <= 0) return leave(fd);
  for (int at = 0; at < count; at += 1)
    if (order[at] != fd) append(&clients[order[at]], input, (size_t)length);
}

int main(int argc, char **argv) {
  struct rlimit limit = {clients_max, clients_max};
  setrlimit(RLIMIT_NOFILE, &limit);
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), one = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  at.sin_port = htons((unsigned short)(argc > 1 ? atoi(argv[1]) : 0));
  if (bind(listener, (struct sockaddr *)&at, sizeof at) != 0 || listen(listener, 512) != 0) return 1;
  int epoll = epoll_create1(0);
  struct epoll_event event = {.events = EPOLLIN, .data.fd = listener}, events[events_max];
  epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event);
  for (;;) {
    int ready = epoll_wait(epoll, events, events_max, -1);
    for (int index = 0; index < ready; index += 1) {
      int fd = events[index].data.fd;
      if (fd == listener) {
        accept_all(epoll, listener);
        continue;
      }
      if (events[index].events & EPOLLOUT) {
        clients[fd].is_waiting = 0;
        struct epoll_event readable = {.events = EPOLLIN, .data.fd = fd};
        epoll_ctl(epoll, EPOLL_CTL_MOD, fd, &readable);
      }
      if (events[index].events & ~EPOLLOUT) receive(fd);
    }
    for (int index = 0; index < count; index += 1) flush(epoll, &clients[order[index]]);
  }
}
