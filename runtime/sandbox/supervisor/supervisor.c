// supervisor.c — starts, times and ends steps, each in namespaces of its own; told what to do over descriptor 3.
// Knows nothing of plans, stores or documents. The protocol and the reasons: docs/design/supervisor.md.
//
//   tenon-supervisor steps [zygote.so]   for a build: standard input is empty, standard output and error go to the driver
//   tenon-supervisor terminal            one step with the caller's terminal
//   tenon-supervisor program             one program on the caller's machine, with more mounted into it
#include "room.h"

/** Descriptors. CONTROL: to the driver. LIBRARY: what makes an interpreter a zygote; closed when there is none. */
enum { CONTROL = 3, LIBRARY = 7 };
enum { MAX_ROOMS = 1024, MAX_ROOTS = 8, MAX_NETWORKS = 8, MAX_ZYGOTES = 4, MAX_FRAME = 64 << 20, READ_SIZE = 1 << 16, MAX_BACKLOG = 1 << 20 };
enum { FIRST_ROOM = 1 + MAX_ZYGOTES }; // among what is polled: the driver, then zygotes

typedef struct { char *bytes; size_t used, room; } Buffer;
typedef struct { // namespaces with a root in them, made for one step
  uint32_t id;    // of the step
  pid_t pid;      // process 1 of the namespaces; 0: this entry is free
  int pidfd, log; // -1: closed
  int link;       // to process 1: the step's own mounts go there, its status comes back
  int64_t deadline; // monotonic milliseconds
  char reason;      // 'e' ended by itself, 't' out of time, 'k' killed for the driver
  char phase;       // 'w' waiting for a step, 'r' running one, 'd' done: what is left of the log is sent, 'z' told, process 1 is still there
  char waited;      // '+' when it was there before its step
  Ending ending;    // its status: of wait(2)
  Words kind;       // the words that it was made from
} Room;
typedef struct { // an interpreter that has been loaded and makes rooms of one kind by copying itself
  pid_t pid;    // 0: this entry is free; -1: it has failed, so rooms of this kind are made without one
  int link;     // requests and answers
  int is_ready;
  int64_t used; // when it was last asked
  Words kind;
} Zygote;

typedef struct { // what is mounted in each room of a kind
  int namespace; // 0: this entry is free; -1: it can't be made, and each room says why
  int64_t used;
  Words kind;
} Root;

static Room rooms[MAX_ROOMS];
static Root roots[MAX_ROOTS];
static int networks[MAX_NETWORKS], network_count; // namespaces that are as new
static Zygote zygotes[MAX_ZYGOTES];
static Buffer in, out;
static int has_library;

static int64_t now_ms(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}
static char *room_for(Buffer *buffer, size_t size) {
  if (buffer->used + size > buffer->room) {
    buffer->room = (buffer->used + size) * 2;
    buffer->bytes = realloc(buffer->bytes, buffer->room);
    if (!buffer->bytes) fail("memory", "");
  }
  return buffer->bytes + buffer->used;
}

// ---- the driver

static void put_message(char type, uint32_t id, const void *body, size_t size) {
  uint32_t length = (uint32_t)(5 + size);
  char *at = room_for(&out, 4 + length);
  memcpy(at, &length, 4);
  at[4] = type;
  memcpy(at + 5, &id, 4);
  if (size) memcpy(at + 9, body, size);
  out.used += 4 + length;
}
static void send_out(void) {
  ssize_t sent = send(CONTROL, out.bytes, out.used, MSG_DONTWAIT | MSG_NOSIGNAL);
  if (sent < 0 && errno != EAGAIN && errno != EINTR) _exit(0); // the driver is gone; the steps end with us
  if (sent <= 0) return;
  out.used -= (size_t)sent;
  memmove(out.bytes, out.bytes + sent, out.used);
}
static void put_end(uint32_t id, char reason, char waited, Ending ending) {
  char body[7] = {reason, waited};
  memcpy(body + 2, &ending.status, 4);
  body[6] = ending.traces;
  put_message('E', id, body, 7);
}
static void refuse(uint32_t id, const char *what) {
  char text[256];
  int length = snprintf(text, sizeof text, "tenon-supervisor: %s: %s\n", what, strerror(errno));
  put_message('L', id, text, (size_t)length);
  put_end(id, 'e', '-', (Ending){126 << 8, '+'});
}

static void close_once(int *descriptor) {
  if (*descriptor >= 0) close(*descriptor);
  *descriptor = -1;
}
static void forget(Room *room) {
  close_once(&room->log), close_once(&room->link), close_once(&room->pidfd);
  free(room->kind.at);
  room->pid = 0;
}
/** Ends a room that no step will get. */
static void drop(Room *room) {
  close_once(&room->log), close_once(&room->link);
  kill(room->pid, SIGKILL); // not reaped yet, so the id is still its own
  room->phase = 'z';
}
static Words copy_of(Words words) {
  size_t size = (size_t)(words.end - words.at);
  char *copy = malloc(size);
  if (!copy) fail("memory", "");
  memcpy(copy, words.at, size);
  return (Words){copy, copy + size};
}
static int is_same(Words one, Words other) {
  size_t size = (size_t)(one.end - one.at);
  return (size_t)(other.end - other.at) == size && !memcmp(one.at, other.at, size);
}
static void execute(Start *start) {
  for (int number = 1; number < 65; number++) signal(number, SIG_DFL);
  must(chdir(start->directory), "enter", start->directory);
  execve(start->arguments[0], start->arguments, start->environment);
  fail("run", start->arguments[0]);
}
/** A process makes the root in a mount namespace of its own, says so, and ends when that has been opened. */
static int make_kinds_root(Words kind) {
  int link[2], found = -1;
  char path[32], is_made;
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, link)) return -1;
  pid_t pid = fork();
  if (pid == 0) {
    Start start;
    close(link[0]);
    must(unshare(CLONE_NEWNS), "a new mount namespace", "");
    read_start(kind, &start);
    make_root(&start);
    if (send(link[1], "m", 1, MSG_NOSIGNAL) == 1) recv(link[1], &is_made, 1, 0);
    _exit(0);
  }
  close(link[1]);
  snprintf(path, sizeof path, "%d/ns/mnt", pid);
  if (pid > 0 && recv(link[0], &is_made, 1, 0) == 1) found = openat(HOST_PROC, path, O_RDONLY | O_CLOEXEC);
  close(link[0]);
  if (pid > 0) waitpid(pid, NULL, 0);
  return found;
}
/** -1: each room makes its own. One with the network does: the files that it takes from the machine may be replaced there. */
static int root_of(Words kind) {
  Root *oldest = roots;
  if (mode != 's' || *kind.at == '+') return -1;
  for (Root *each = roots; each < roots + MAX_ROOTS; each++) {
    if (each->namespace && is_same(each->kind, kind)) return each->used = now_ms(), each->namespace;
    if (!each->namespace || (oldest->namespace && each->used < oldest->used)) oldest = each;
  }
  if (oldest->namespace) free(oldest->kind.at);
  if (oldest->namespace > 0) close(oldest->namespace);
  *oldest = (Root){.namespace = make_kinds_root(kind), .used = now_ms(), .kind = copy_of(kind)};
  return oldest->namespace;
}
/** A copy of this process in namespaces of its own becomes the room's process 1. */
static pid_t begin_room(Words kind, const Ends *ends) {
  pid_t pid = (pid_t)syscall(SYS_clone, (mode != 'p' ? CLONE_NEWPID : 0) | SIGCHLD, 0, 0, 0, 0);
  if (pid != 0) return pid;
  Start start;
  first_process(kind, &start, ends);
  syscall(CLOSE_RANGE, 3, ~0U, 0);
  if (*start.readiness == '-') kill(getpid(), SIGSTOP); // else the command does so when it is ready
  execute(&start);
  return -1;
}
/** The interpreter itself, with the rights of the supervisor: it runs our code only, on no input. */
static void become_zygote(Words kind, int link) {
  static char preload[] = "LD_PRELOAD=/proc/self/fd/7"; // LIBRARY
  Start start;
  end_with_supervisor();
  dup2(link, LINK);
  syscall(CLOSE_RANGE, LIBRARY + 1, ~0U, 0);
  must(unshare(CLONE_NEWNS), "a new mount namespace", "");
  read_start(kind, &start);
  make_root(&start);
  size_t variables = 0;
  while (start.environment[variables]) variables++;
  start.environment[variables] = preload;
  start.environment[variables + 1] = NULL;
  execute(&start);
}
/** It makes no more rooms, and no other is started for them. Those that it made are not its children. */
static void end_zygote(Zygote *zygote) {
  close_once(&zygote->link);
  kill(zygote->pid, SIGKILL);
  waitpid(zygote->pid, NULL, 0);
  zygote->pid = -1;
  zygote->is_ready = 0;
}
static void forget_zygote(Zygote *zygote) {
  if (zygote->pid > 0) end_zygote(zygote);
  if (zygote->pid) free(zygote->kind.at);
  zygote->pid = 0;
}
static Zygote *zygote_of(Words kind) {
  for (Zygote *zygote = zygotes; zygote < zygotes + MAX_ZYGOTES; zygote++)
    if (zygote->pid && is_same(zygote->kind, kind)) return zygote;
  return NULL;
}
/** The one that was not asked for longest gives way. */
static void start_zygote(Words kind) {
  Zygote *oldest = zygotes;
  int link[2];
  for (Zygote *each = zygotes; each < zygotes + MAX_ZYGOTES; each++)
    if (!each->pid || (oldest->pid && each->used < oldest->used)) oldest = each;
  forget_zygote(oldest);
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, link)) return;
  setsockopt(link[0], SOL_SOCKET, SO_RCVTIMEO, &(struct timeval){.tv_sec = 3}, sizeof(struct timeval)); // one that is stuck is done without
  *oldest = (Zygote){.link = link[0], .used = now_ms(), .kind = copy_of(kind)};
  pid_t pid = fork();
  if (pid == 0) become_zygote(kind, link[1]);
  close(link[1]);
  if (pid < 0) close(link[0]), free(oldest->kind.at);
  else oldest->pid = pid;
}
/** It says that it is ready, or has ended. */
static void read_zygote(Zygote *zygote) {
  char ready;
  ssize_t got = recv(zygote->link, &ready, 1, MSG_DONTWAIT);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (got == 1) zygote->is_ready = 1;
  else end_zygote(zygote);
}
/** One that has stopped was not preloaded with our library. */
static int is_starting(Zygote *zygote) {
  if (!zygote || zygote->pid < 0 || zygote->is_ready) return 0;
  siginfo_t change = {0};
  waitid(P_PID, (id_t)zygote->pid, &change, WEXITED | WSTOPPED | WNOHANG | WNOWAIT);
  if (change.si_pid) end_zygote(zygote);
  return !change.si_pid;
}
/** A copy of the kind's zygote becomes process 1 of a room, as a child of ours. 0: there is no zygote; -1: it has failed just now. */
static pid_t room_of_zygote(Words kind, const Ends *ends) {
  Zygote *zygote = zygote_of(kind);
  if (!zygote || !zygote->is_ready) return 0;
  zygote->used = now_ms();
  int given[4] = {ends->log, ends->link}, count = 2;
  char optional[2] = {ends->root < 0 ? '-' : '+', ends->network < 0 ? '-' : '+'};
  if (ends->root >= 0) given[count++] = ends->root;
  if (ends->network >= 0) given[count++] = ends->network;
  union { char bytes[CMSG_SPACE(sizeof given)]; struct cmsghdr aligned; } control;
  struct iovec text[] = {{optional, sizeof optional}, {kind.at, (size_t)(kind.end - kind.at)}};
  size_t size = (size_t)count * sizeof(int);
  struct msghdr message = {.msg_iov = text, .msg_iovlen = 2, .msg_control = control.bytes, .msg_controllen = CMSG_SPACE(size)};
  *CMSG_FIRSTHDR(&message) = (struct cmsghdr){.cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS, .cmsg_len = CMSG_LEN(size)};
  memcpy(CMSG_DATA(CMSG_FIRSTHDR(&message)), given, size);
  pid_t pid;
  if (sendmsg(zygote->link, &message, MSG_NOSIGNAL) >= 0 && recv(zygote->link, &pid, sizeof pid, 0) == sizeof pid && pid > 0)
    return pid;
  end_zygote(zygote);
  return -1;
}
/** Namespaces with a root in them, and a process there that lacks its step's own mounts alone. NULL, and errno, when that can't be. */
static Room *make_room(Words kind) {
  int log[2] = {-1, -1}, link[2];
  Room *room = rooms;
  while (room < rooms + MAX_ROOMS && room->pid) room++;
  if (room == rooms + MAX_ROOMS) return errno = EAGAIN, NULL;
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, link)) return NULL;
  if (mode == 's' && pipe2(log, O_CLOEXEC)) return close(link[0]), close(link[1]), NULL;
  if (mode == 's') fcntl(log[0], F_SETFL, O_NONBLOCK);
  *room = (Room){.phase = 'w', .reason = 'e', .waited = '-', .pidfd = -1, .log = log[0], .link = link[0], .deadline = INT64_MAX,
                   .kind = copy_of(kind)};
  int is_alone = *kind.at == '-' && network_count > 0;
  Ends ends = {log[1], link[1], root_of(kind), is_alone ? networks[--network_count] : -1};
  room->pid = room_of_zygote(kind, &ends);
  int has_failed = room->pid < 0;
  if (room->pid == 0) room->pid = begin_room(kind, &ends);
  int error = errno;
  close(link[1]), close_once(&ends.network);
  if (log[1] >= 0) close(log[1]);
  if (has_failed) return forget(room), make_room(kind); // a room that it may have made without telling has these ends, and ends with them
  if (room->pid > 0) room->pidfd = (int)syscall(PIDFD_OPEN, room->pid, 0);
  if (room->pidfd >= 0) return fcntl(room->pidfd, F_SETFD, FD_CLOEXEC), room;
  if (room->pid > 0) error = errno, kill(room->pid, SIGKILL), waitpid(room->pid, NULL, 0);
  forget(room);
  return errno = error, NULL;
}
static int is_waiting(const Room *room, Words kind) {
  return room->pid && room->phase == 'w' && is_same(room->kind, kind);
}
static Room *waiting_room(Words kind) {
  for (Room *room = rooms; room < rooms + MAX_ROOMS; room++)
    if (is_waiting(room, kind)) return room->waited = '+', room;
  return NULL;
}
static char readiness_of(Words kind) {
  for (int setting = 0; setting < 5; setting++) next_word(&kind);
  return *kind.at;
}
/** The words that a room is made from, up to and with "step"; `words` is then behind them. */
static Words kind_of(Words *words) {
  char *start = words->at;
  for (int setting = 0; setting < 7; setting++) next_word(words);
  for (const char *word; strcmp(word = next_word(words), "step");)
    for (int skipped = !strcmp(word, "bind") ? 3 : 1; skipped > 0; skipped--) next_word(words);
  return (Words){start, words->at};
}
/** False when the room has broken. It reads at once, or as soon as it is made, so this waits for nobody else. */
static int give(Room *room, Words own) {
  uint32_t size = (uint32_t)(own.end - own.at);
  if (send(room->link, &size, sizeof size, MSG_NOSIGNAL) < 0) return 0;
  for (ssize_t sent; own.at < own.end; own.at += sent)
    if ((sent = send(room->link, own.at, (size_t)(own.end - own.at), MSG_NOSIGNAL)) < 0) return 0;
  return 1;
}
static void start_step(uint32_t id, Words words) {
  int64_t timeout = next_number(&words);
  Words kind = kind_of(&words);
  Room *room = waiting_room(kind);
  if (room && !give(room, words)) drop(room), room = NULL;
  if (!room) {
    room = make_room(kind);
    if (!room) return refuse(id, "no new namespaces");
    give(room, words); // what has gone wrong is in its log, and its end is seen
  }
  room->id = id;
  room->phase = 'r';
  if (timeout > 0) room->deadline = now_ms() + timeout;
}
/** Just so many rooms wait for steps of a kind; without one, none of any kind. */
static void keep_waiting(uint32_t wanted, Words words) {
  int is_any = words.at == words.end;
  Words kind = is_any ? words : kind_of(&words);
  uint32_t there = 0;
  for (Room *room = rooms; room < rooms + MAX_ROOMS; room++)
    if (is_any ? room->pid && room->phase == 'w' : is_waiting(room, kind) && ++there > wanted) drop(room);
  for (Zygote *zygote = zygotes; is_any && zygote < zygotes + MAX_ZYGOTES; zygote++) forget_zygote(zygote);
  if (is_any || wanted == 0) return;
  if (has_library && readiness_of(kind) == 'c' && !zygote_of(kind)) start_zygote(kind);
  if (is_starting(zygote_of(kind))) return; // soon it makes rooms for less than this would take
  while (there++ < wanted && make_room(kind));
}
static void stop_step(Room *room, char reason) {
  if (room->phase != 'r' || room->reason != 'e') return;
  room->reason = reason;
  kill(room->pid, SIGKILL); // not reaped yet, so the id is still its own
}
/** A file system in memory for the driver, which reaches it through /proc/<our id>/root. It ends with us, or when its mount point is removed. */
static void mount_memory(uint32_t id, Words words) {
  const char *directory = next_word(&words), *options = next_word(&words);
  if (mount("tmpfs", directory, "tmpfs", MS_NOSUID | MS_NODEV, options)) return refuse(id, "memory");
  put_end(id, 'e', '-', (Ending){0, '+'});
}
static void take_message(char type, uint32_t id, Words words) {
  switch (type) {
    case 'M': return mount_memory(id, words);
    case 'S': return start_step(id, words);
    case 'W': return keep_waiting(id, words);
  }
  for (Room *room = rooms; room < rooms + MAX_ROOMS; room++)
    if (room->pid && room->phase == 'r' && room->id == id) stop_step(room, 'k');
}
static void receive(void) {
  ssize_t got = recv(CONTROL, room_for(&in, READ_SIZE), READ_SIZE, MSG_DONTWAIT);
  if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) _exit(0); // the steps end with us
  if (got > 0) in.used += (size_t)got;
  size_t done = 0;
  for (uint32_t length, id; in.used - done >= 9; done += 4 + length) {
    memcpy(&length, in.bytes + done, 4);
    memcpy(&id, in.bytes + done + 5, 4);
    if (length < 5 || length > MAX_FRAME) errno = EPROTO, fail("a message", "");
    if (in.used - done < 4 + (size_t)length) break;
    take_message(in.bytes[done + 4], id, (Words){in.bytes + done + 9, in.bytes + done + 4 + length});
  }
  in.used -= done;
  memmove(in.bytes, in.bytes + done, in.used);
}

// ---- the end of a step

static void pass_log(Room *room) {
  static char bytes[READ_SIZE];
  ssize_t got = read(room->log, bytes, sizeof bytes);
  if (got > 0) return put_message('L', room->id, bytes, (size_t)got);
  if (got < 0 && errno == EINTR) return;
  int is_complete = got == 0 || room->phase == 'd'; // nothing that could write runs any more
  if (is_complete) close_once(&room->log);
}
static void finish(Room *room) {
  if (room->phase != 'd' || room->log >= 0) return;
  put_end(room->id, room->reason, room->waited, room->ending);
  if (mode != 's') send_out(), _exit(0);
  room->phase = 'z';
  if (room->pidfd < 0) forget(room);
}
/** Process 1 says how the step has ended when all else in its namespaces is gone. What it leaves to the kernel takes as long again. */
static void read_status(Room *room) {
  union { char bytes[CMSG_SPACE(sizeof(int))]; struct cmsghdr aligned; } control;
  struct iovec ending = {&room->ending, sizeof room->ending};
  struct msghdr message = {.msg_iov = &ending, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control.bytes};
  ssize_t got = recvmsg(room->link, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (got == sizeof room->ending) room->phase = 'd';
  struct cmsghdr *head = got > 0 ? CMSG_FIRSTHDR(&message) : NULL;
  int network = -1;
  if (head) memcpy(&network, CMSG_DATA(head), sizeof network);
  if (network >= 0 && network_count < MAX_NETWORKS) networks[network_count++] = network;
  else close_once(&network);
  close_once(&room->link);
}
/** Only when all of the room's processes are gone can its first one be waited for. */
static void reap(Room *room) {
  int status;
  if (waitpid(room->pid, &status, WNOHANG) != room->pid) return;
  close_once(&room->pidfd);
  if (room->phase == 'w' || room->phase == 'z') return forget(room);
  if (room->link >= 0) read_status(room);
  if (room->phase == 'r') room->ending = (Ending){status, '+'};
  room->phase = 'd';
}
static int wait_for_events(struct pollfd *events, Room **of) {
  int count = FIRST_ROOM;
  int64_t next = INT64_MAX, now = now_ms();
  events[0] = (struct pollfd){.fd = CONTROL, .events = (short)(POLLIN | (out.used ? POLLOUT : 0))};
  for (int i = 0; i < MAX_ZYGOTES; i++)
    events[1 + i] = (struct pollfd){.fd = zygotes[i].pid > 0 ? zygotes[i].link : -1, .events = POLLIN};
  for (Room *room = rooms; room < rooms + MAX_ROOMS; room++) {
    if (!room->pid) continue;
    int has_log = room->log >= 0 && room->phase != 'w' && out.used < MAX_BACKLOG; // a driver that is slow to read makes steps wait
    if (room->phase == 'r' && room->deadline <= now) stop_step(room, 't');
    else if (room->phase == 'r' && room->deadline < next) next = room->deadline;
    if (has_log && room->phase == 'd') next = now;
    int watched[] = {room->phase == 'r' ? room->link : -1, room->phase == 'd' ? -1 : room->pidfd, has_log ? room->log : -1};
    for (int i = 0; i < 3; i++) {
      if (watched[i] < 0) continue;
      of[count] = room;
      events[count++] = (struct pollfd){.fd = watched[i], .events = POLLIN};
    }
  }
  int64_t patience = next == INT64_MAX ? -1 : next - now;
  poll(events, (nfds_t)count, patience > 1 << 30 ? 1 << 30 : (int)patience);
  return count;
}
static void take_event(Room *room, struct pollfd *event) {
  int is_ready = event->revents != 0;
  if (event->fd == room->log && (is_ready || room->phase == 'd')) pass_log(room);
  else if (event->fd == room->link && is_ready) read_status(room);
  else if (event->fd == room->pidfd && is_ready) reap(room);
}

int main(int count, char **arguments) {
  static struct pollfd events[FIRST_ROOM + 3 * MAX_ROOMS];
  static Room *of[FIRST_ROOM + 3 * MAX_ROOMS];
  int life[2];
  mode = count >= 2 ? *arguments[1] : 0;
  if (!mode || !strchr("stp", mode)) return 2;
  fcntl(CONTROL, F_SETFD, FD_CLOEXEC);
  for (int number = 1; number < 65; number++) signal(number, SIG_IGN); // Ctrl-C is for the driver, or for the program
  signal(SIGCHLD, SIG_DFL);
  if (mode == 's') setsid();
  if (mode == 's') syscall(SYS_setgroups, 0, NULL); // where we may
  unsigned uid = geteuid(), gid = getegid();
  for (int number = CONTROL + 1; number <= LIBRARY; number++) dup2(CONTROL, number); // what is opened below gets none of these
  must(dup2(must(open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC), "open", "/proc"), HOST_PROC), "open", "/proc");
  if (mode != 'p' || uid != 0) {
    must(unshare(CLONE_NEWUSER | CLONE_NEWNS), "new namespaces", "");
    own_ids(0, 0, uid, gid);
  } else must(unshare(CLONE_NEWNS), "a new mount namespace", "");
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  must(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL), "make mounts private", "");
  must(pipe2(life, O_CLOEXEC), "a pipe", "");
  dup2(life[0], LIFE);
  int library = mode == 's' && count == 3 ? open(arguments[2], O_RDONLY | O_CLOEXEC) : -1;
  if (library < 0) close(LIBRARY);
  else has_library = dup2(library, LIBRARY) == LIBRARY;
  must(dup2(must(openat(HOST_PROC, "self/ns/mnt", O_RDONLY | O_CLOEXEC), "open", "the mount namespace"), MACHINE), "open", "it");
  put_message('R', 0, NULL, 0);
  for (;;) {
    if (out.used) send_out();
    int ready = wait_for_events(events, of);
    for (int i = 0; i < MAX_ZYGOTES; i++)
      if (events[1 + i].revents) read_zygote(&zygotes[i]);
    for (int i = FIRST_ROOM; i < ready; i++)
      if (of[i]->pid) take_event(of[i], &events[i]);
    for (int i = FIRST_ROOM; i < ready; i++)
      if (of[i]->pid) finish(of[i]);
    if (events[0].revents) receive();
  }
}
