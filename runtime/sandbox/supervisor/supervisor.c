// supervisor.c — starts, times and ends steps, each in namespaces of its own; told what to do over descriptor 3.
// Knows nothing of plans, stores or documents. The protocol and the reasons: docs/design/supervisor.md.
//
//   tenon-supervisor steps      for a build: standard input is empty, standard output and error go to the driver
//   tenon-supervisor terminal   one step with the caller's terminal
//   tenon-supervisor program    one program on the caller's machine, with more mounted into it
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

// Kernel interfaces that the C library of an older distribution does not name. The numbers are the same on all architectures.
enum { OPEN_TREE = 428, MOVE_MOUNT = 429, FSOPEN = 430, FSCONFIG = 431, FSMOUNT = 432, PIDFD_OPEN = 434,
       CLOSE_RANGE = 436, OPENAT2 = 437, MOUNT_SETATTR = 442 };
enum { TREE_CLONE = 1, TREE_RECURSIVE = 0x8000, EMPTY_PATH = 0x1000, FROM_EMPTY = 4, TO_EMPTY = 0x40 };
enum { ATTR_RDONLY = 1, ATTR_NOSUID = 2, ATTR_NODEV = 4, ATTR_NOEXEC = 8 };
enum { CONFIG_STRING = 1, CONFIG_CREATE = 6, RESOLVE_IN_ROOT_ = 0x10 };
struct mount_attributes { uint64_t set, clear, propagation, userns; };
struct open_how_ { uint64_t flags, mode, resolve; };

/** Descriptors. LINK: of process 1, to the supervisor. MACHINE: the supervisor's mount namespace. */
enum { CONTROL = 3, LINK = 3, HOST_PROC = 4, MACHINE = 5 };
enum { MAX_ROOMS = 1024, MAX_FRAME = 64 << 20, READ_SIZE = 1 << 16, MAX_BACKLOG = 1 << 20, MAX_LAYERS = 128, BATCH = 64 };

typedef struct { char *bytes; size_t used, room; } Buffer;
typedef struct { char *at, *end; } Words;
typedef struct { // namespaces with a root in them, made for one step
  uint32_t id;    // of the step
  pid_t pid;      // process 1 of the namespaces; 0: this entry is free
  int pidfd, log; // -1: closed
  int link;       // to process 1: the step's own mounts go there, its status comes back
  int64_t deadline; // monotonic milliseconds
  char reason;      // 'e' ended by itself, 't' out of time, 'k' killed for the driver
  char phase;       // 'w' waiting for a step, 'r' running one, 'd' done: what is left of the log is sent, 'z' told, process 1 is still there
  char waited;      // '+' when it was there before its step
  int status;       // of wait(2)
  Words kind;       // the words that it was made from
} Room;

static Room rooms[MAX_ROOMS];
static Buffer in, out;
static char mode; // first letter of the argument
static int life[2];

static void fail(const char *what, const char *name) {
  dprintf(2, "tenon-supervisor: %s%s%s: %s\n", what, *name ? " " : "", name, strerror(errno));
  _exit(126);
}
static int must(long result, const char *what, const char *name) {
  if (result < 0) fail(what, name);
  return (int)result;
}
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

// ---- words of a message: texts, each ended by NUL

static char *next_word(Words *words) {
  char *word = words->at;
  char *nul = word < words->end ? memchr(word, 0, (size_t)(words->end - word)) : NULL;
  if (!nul) {
    errno = EPROTO;
    fail("a message that ends early", "");
  }
  words->at = nul + 1;
  return word;
}
static int64_t next_number(Words *words) { return strtoll(next_word(words), NULL, 10); }

typedef struct { const char *access, *target, *source, *work, *list; int64_t layers; Words lowers; } OwnMount; // access: NULL for an overlay

/** The next of a step's own mounts. An overlay's source is its upper layer. */
static int next_own(Words *words, OwnMount *own) {
  if (words->at >= words->end) return 0;
  int is_overlay = !strcmp(next_word(words), "overlay");
  own->access = is_overlay ? NULL : next_word(words);
  own->target = next_word(words);
  own->source = next_word(words);
  if (!is_overlay) return 1;
  own->work = next_word(words);
  own->list = next_word(words);
  own->layers = next_number(words);
  own->lowers = *words;
  for (int64_t layer = 0; layer < own->layers; layer++) next_word(words);
  return 1;
}

// ---- mounts, made by process 1

static void write_file(int directory, const char *path, const char *text, int optional) {
  int file = openat(directory, path, O_WRONLY | O_CLOEXEC);
  int wrote = file >= 0 && write(file, text, strlen(text)) >= 0;
  if (!wrote && !optional) fail("write", path);
  if (file >= 0) close(file);
}
/** What the one user that there is in a new user namespace is called inside and outside of it. */
static void own_ids(unsigned uid, unsigned gid, unsigned outer_uid, unsigned outer_gid) {
  char line[64];
  write_file(HOST_PROC, "self/setgroups", "deny", 0);
  snprintf(line, sizeof line, "%u %u 1\n", uid, outer_uid);
  write_file(HOST_PROC, "self/uid_map", line, 0);
  snprintf(line, sizeof line, "%u %u 1\n", gid, outer_gid);
  write_file(HOST_PROC, "self/gid_map", line, 0);
}
static int tree_at(const char *path, uint64_t attributes) {
  int tree = must(syscall(OPEN_TREE, AT_FDCWD, path, TREE_CLONE | TREE_RECURSIVE | O_CLOEXEC), "mount", path);
  struct mount_attributes a = {.set = attributes};
  if (attributes) must(syscall(MOUNT_SETATTR, tree, "", EMPTY_PATH | TREE_RECURSIVE, &a, sizeof a), "mount", path);
  return tree;
}
/** Links on the way to the target lead where they would lead the step. */
static int place_of(int root, const char *target) {
  struct open_how_ how = {.flags = O_PATH | O_CLOEXEC, .resolve = root == AT_FDCWD ? 0 : RESOLVE_IN_ROOT_};
  return must(syscall(OPENAT2, root, target, &how, sizeof how), "the mount point", target);
}
static void attach(int tree, int root, const char *target) {
  int place = place_of(root, target);
  must(syscall(MOVE_MOUNT, tree, "", place, "", FROM_EMPTY | TO_EMPTY), "mount at", target);
  close(place);
  close(tree);
}
static void attach_fresh(const char *type, const char *permissions, uint64_t attributes, int root, const char *target) {
  int fs = must(syscall(FSOPEN, type, 1), "a new", type);
  if (permissions) must(syscall(FSCONFIG, fs, CONFIG_STRING, "mode", permissions, 0), "a new", type);
  must(syscall(FSCONFIG, fs, CONFIG_CREATE, NULL, NULL, 0), "a new", type);
  attach(must(syscall(FSMOUNT, fs, 1, attributes), "a new", type), root, target);
  close(fs);
}
/**
 * An overlay, detached. Folders are named by descriptors: no length, colon or comma in their paths matters, and the step reads none of them
 * in its mount table. It is mounted over its work folder at first, in a mount namespace that ends with the next setns(2).
 */
static int overlay_tree(OwnMount *own) {
  char options[64 * (MAX_LAYERS + 4)], *end = options;
  int folders[MAX_LAYERS + 2], count = 0;
  if (own->layers < 1 || own->layers > MAX_LAYERS) errno = E2BIG, fail("an overlay at", own->target);
  must(unshare(CLONE_NEWNS), "a new mount namespace", "");
  for (int64_t i = -2; i < own->layers; i++) {
    const char *path = i == -2 ? own->source : i == -1 ? own->work : next_word(&own->lowers);
    int folder = folders[count++] = must(open(path, O_PATH | O_DIRECTORY | O_CLOEXEC), "open", path);
    const char *option = i == -2 ? "userxattr,volatile,upperdir=" : i == -1 ? ",workdir=" : i == 0 ? ",lowerdir=" : ":";
    end += sprintf(end, "%s/proc/self/fd/%d", option, folder);
  }
  must(mount("overlay", own->work, "overlay", MS_NOSUID | MS_NODEV, options), "an overlay at", own->target);
  while (count) close(folders[--count]);
  int tree = tree_at(own->work, 0);
  must(setns(MACHINE, CLONE_NEWNS), "enter", "the machine's mounts");
  return tree;
}
static uint64_t attributes_of(const char *access) {
  switch (*access) {
    case 'r': return ATTR_RDONLY | ATTR_NOSUID | ATTR_NODEV;
    case 'w': return ATTR_NOSUID | ATTR_NODEV;
    case 'd': return ATTR_NOSUID;
    default: return 0; // 'm': as the machine has it
  }
}
static void loopback_up(void) {
  struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING};
  int any = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (any < 0) return; // no IPv4 here
  ioctl(any, SIOCSIFFLAGS, &request);
  close(any);
}

// ---- the step

typedef struct { char *network, *host_name, *directory, *stops; unsigned uid, gid; char *environment[256], **arguments; } Start;

/** Reads what the room is made from: its settings here, its mounts, variables and command in enter_root. */
static void read_settings(Words *words, Start *start) {
  start->network = next_word(words);
  start->host_name = next_word(words);
  start->uid = (unsigned)next_number(words);
  start->gid = (unsigned)next_number(words);
  start->directory = next_word(words);
  start->stops = next_word(words);
}
/** Mounts what does not depend on the step and makes it the root. */
static void enter_root(Words *words, Start *start) {
  const char *path = next_word(words);
  attach(tree_at(path, mode == 'p' ? ATTR_RDONLY : ATTR_RDONLY | ATTR_NOSUID | ATTR_NODEV), AT_FDCWD, path);
  int root = must(open(path, O_PATH | O_DIRECTORY | O_CLOEXEC), "open", path);
  size_t variables = 0, count = 0;
  start->arguments = calloc((size_t)(words->end - words->at) + 1, sizeof(char *));
  if (!start->arguments) fail("memory", "");
  for (char *word; strcmp(word = next_word(words), "step");) {
    if (!strcmp(word, "bind")) {
      uint64_t attributes = attributes_of(next_word(words));
      const char *target = next_word(words);
      attach(tree_at(next_word(words), attributes), root, target);
    } else if (!strcmp(word, "env")) {
      if (variables >= 255) errno = E2BIG, fail("the environment", "");
      start->environment[variables++] = next_word(words);
    } else start->arguments[count++] = next_word(words); // "arg"
  }
  start->environment[variables] = NULL;
  if (mode != 'p') {
    attach_fresh("proc", NULL, ATTR_RDONLY | ATTR_NOSUID | ATTR_NODEV | ATTR_NOEXEC, root, "/proc");
    attach_fresh("tmpfs", "1777", ATTR_NOSUID | ATTR_NODEV, root, "/dev/shm");
  }
  must(fchdir(root), "enter", path);
  must(syscall(SYS_pivot_root, ".", "."), "change the root to", path);
  must(umount2(".", MNT_DETACH), "leave the machine's root", "");
  must(chdir("/"), "enter", "/");
  close(root);
}
/** Mounts the step's own: sources are opened where the machine's paths lead, targets where the step's do. */
static void mount_own(Words words) {
  if (words.at == words.end) return;
  int step = must(openat(HOST_PROC, "self/ns/mnt", O_RDONLY | O_CLOEXEC), "open", "the mount namespace");
  for (int count = BATCH; count == BATCH;) {
    int trees[BATCH];
    OwnMount own[BATCH];
    must(setns(MACHINE, CLONE_NEWNS), "enter", "the machine's mounts");
    for (count = 0; count < BATCH && next_own(&words, &own[count]); count++) {
      const char *access = own[count].access;
      trees[count] = access ? tree_at(own[count].source, attributes_of(access)) : overlay_tree(&own[count]);
    }
    must(setns(step, CLONE_NEWNS), "enter", "the step's mounts");
    int root = must(open("/", O_PATH | O_DIRECTORY | O_CLOEXEC), "open", "/");
    for (int i = 0; i < count; i++) attach(trees[i], root, own[i].target);
    close(root);
  }
  close(step);
}
/** The child of process 1: the step itself. It stops until its own mounts are there. */
static void become_step(Start *start) {
  if (mode == 's') dup2(must(open("/dev/null", O_RDONLY | O_CLOEXEC), "open", "/dev/null"), 0);
  if (mode != 'p' || getuid() != start->uid) {
    must(unshare(CLONE_NEWUSER), "a new user namespace", "");
    own_ids(start->uid, start->gid, 0, 0);
  }
  if (mode != 'p') {
    // No namespaces inside of the step's: what it can ask the kernel for stays small.
    write_file(HOST_PROC, "sys/user/max_user_namespaces", "0", 1);
    for (int capability = 0; prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) == 0;) capability++;
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct none[2] = {{0, 0, 0}, {0, 0, 0}};
    must(syscall(SYS_capset, &header, none), "drop capabilities", "");
    must(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no new privileges", "");
  }
  for (int number = 1; number < 65; number++) signal(number, SIG_DFL);
  must(syscall(CLOSE_RANGE, 3, ~0U, 0), "close descriptors", "");
  if (*start->stops == '-') kill(getpid(), SIGSTOP); // else the command does so when it is ready
  must(chdir(start->directory), "enter", start->directory);
  execve(start->arguments[0], start->arguments, start->environment);
  fail("run", start->arguments[0]);
}
/** Reads the step's own words. A room whose process has ended by then, or that no step comes to, ends. */
static Words own_words(pid_t child) {
  uint32_t size;
  int ended = must(syscall(PIDFD_OPEN, child, 0), "watch", "the step's process");
  struct pollfd events[] = {{.fd = LINK, .events = POLLIN}, {.fd = ended, .events = POLLIN}};
  while (poll(events, 2, -1) < 0 && errno == EINTR);
  if (events[1].revents) _exit(126);
  close(ended);
  if (recv(LINK, &size, sizeof size, MSG_WAITALL) != sizeof size) _exit(0);
  char *bytes = malloc(size + 1);
  if (!bytes) fail("memory", "");
  if (size && recv(LINK, bytes, size, MSG_WAITALL) != (ssize_t)size) _exit(0);
  return (Words){bytes, bytes + size};
}
/** Ends all other processes of the namespace: none is left, nor can one be born, when there is nothing to wait for. */
static void end_others(void) {
  if (getpid() != 1 || mode == 'p') return;
  kill(-1, SIGKILL);
  while (waitpid(-1, NULL, __WALL) > 0 || errno == EINTR);
}
static void list_overlays(Words words);

/** Process 1 of a room's namespaces. When it ends the kernel ends all others in them. */
static void first_process(Room *room, int namespaces, int log, int link) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  close(life[1]);
  struct pollfd parent = {.fd = life[0]};
  if (poll(&parent, 1, 0) != 0) _exit(126); // the supervisor is gone already
  if (mode == 's') dup2(log, 1), dup2(log, 2); // standard input is nothing already
  dup2(link, LINK);
  syscall(CLOSE_RANGE, MACHINE + 1, ~0U, 0);
  must(unshare(namespaces), "new namespaces", "");
  Words words = room->kind;
  Start start;
  read_settings(&words, &start);
  if (mode != 'p') {
    umask(022);
    must(sethostname(start.host_name, strlen(start.host_name)), "set the host name", "");
    syscall(SYS_keyctl, 1 /* join a new session keyring */, NULL);
    if (*start.network == '-') loopback_up();
  }
  enter_root(&words, &start);
  pid_t child = must(fork(), "start a process", "");
  if (child == 0) become_step(&start);
  int status;
  while (waitpid(child, &status, WUNTRACED) < 0 && errno == EINTR);
  if (WIFSTOPPED(status)) {
    Words own = own_words(child);
    mount_own(own);
    kill(child, SIGCONT);
    for (pid_t ended; (ended = wait(&status)) != child;)
      if (ended < 0 && errno != EINTR) _exit(126);
    end_others();
    list_overlays(own);
  }
  if (send(LINK, &status, sizeof status, MSG_NOSIGNAL) < 0) _exit(126);
  _exit(0);
}

// ---- what an overlay's upper layer hides: Node can't read extended attributes

static void list_opaque(FILE *list, char *path, size_t length, size_t root) {
  char value;
  if (lgetxattr(path, "user.overlay.opaque", &value, 1) == 1 && value == 'y')
    fwrite(path + root, 1, length - root + 1, list); // with its NUL
  DIR *folder = opendir(path);
  if (!folder) fail("read", path);
  for (struct dirent *entry; (entry = readdir(folder));) {
    if (entry->d_type != DT_DIR || !strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..")) continue;
    size_t more = strlen(entry->d_name);
    if (length + more + 2 > PATH_MAX * 4) errno = ENAMETOOLONG, fail("read", path);
    path[length] = '/';
    memcpy(path + length + 1, entry->d_name, more + 1);
    list_opaque(list, path, length + more + 1, root);
    path[length] = 0;
  }
  closedir(folder);
}
/**
 * Unmounts the step's overlays and writes the opaque folders of each upper layer into the file named for it: paths from the layer's root,
 * each ended by NUL.
 */
static void list_overlays(Words words) {
  static char path[PATH_MAX * 4];
  OwnMount own;
  int overlays = 0;
  for (Words all = words; next_own(&all, &own);)
    if (!own.access) overlays++, must(umount2(own.target, UMOUNT_NOFOLLOW), "unmount", own.target);
  if (overlays == 0) return;
  must(setns(MACHINE, CLONE_NEWNS), "enter", "the machine's mounts");
  while (next_own(&words, &own)) {
    if (own.access) continue;
    FILE *list = fopen(own.list, "wxe");
    if (!list) fail("write", own.list);
    size_t length = strlen(strcpy(path, own.source));
    list_opaque(list, path, length, length);
    if (fclose(list)) fail("write", own.list);
  }
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
static void put_end(uint32_t id, char reason, char waited, int status) {
  char body[6] = {reason, waited};
  memcpy(body + 2, &status, 4);
  put_message('E', id, body, 6);
}
static void refuse(uint32_t id, const char *what) {
  char text[256];
  int length = snprintf(text, sizeof text, "tenon-supervisor: %s: %s\n", what, strerror(errno));
  put_message('L', id, text, (size_t)length);
  put_end(id, 'e', '-', 126 << 8);
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
/** Namespaces with a root in them, and a process there that lacks its step's own mounts alone. NULL, and errno, when that can't be. */
static Room *make_room(Words kind) {
  size_t size = (size_t)(kind.end - kind.at);
  int log[2] = {-1, -1}, link[2];
  Room *room = rooms;
  while (room < rooms + MAX_ROOMS && room->pid) room++;
  if (room == rooms + MAX_ROOMS) return errno = EAGAIN, NULL;
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, link)) return NULL;
  if (mode == 's' && pipe2(log, O_CLOEXEC)) return close(link[0]), close(link[1]), NULL;
  if (mode == 's') fcntl(log[0], F_SETFL, O_NONBLOCK);
  char *words = malloc(size);
  if (!words) fail("memory", "");
  memcpy(words, kind.at, size);
  *room = (Room){.phase = 'w', .reason = 'e', .waited = '-', .pidfd = -1, .log = log[0], .link = link[0], .deadline = INT64_MAX,
                   .kind = {words, words + size}};
  int namespaces = CLONE_NEWNS;
  if (mode != 'p') namespaces |= CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP | (*words == '-' ? CLONE_NEWNET : 0);
  room->pid = (pid_t)syscall(SYS_clone, (mode != 'p' ? CLONE_NEWPID : 0) | SIGCHLD, 0, 0, 0, 0);
  if (room->pid == 0) first_process(room, namespaces, log[1], link[1]);
  int error = errno;
  close(link[1]);
  if (log[1] >= 0) close(log[1]);
  if (room->pid > 0) room->pidfd = (int)syscall(PIDFD_OPEN, room->pid, 0);
  if (room->pidfd >= 0) return fcntl(room->pidfd, F_SETFD, FD_CLOEXEC), room;
  if (room->pid > 0) error = errno, kill(room->pid, SIGKILL), waitpid(room->pid, NULL, 0);
  forget(room);
  return errno = error, NULL;
}
static int is_waiting(const Room *room, Words kind) {
  size_t size = (size_t)(kind.end - kind.at);
  return room->pid && room->phase == 'w' && (size_t)(room->kind.end - room->kind.at) == size &&
         !memcmp(room->kind.at, kind.at, size);
}
static Room *waiting_room(Words kind) {
  for (Room *room = rooms; room < rooms + MAX_ROOMS; room++)
    if (is_waiting(room, kind)) return room->waited = '+', room;
  return NULL;
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
  put_end(id, 'e', '-', 0);
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
  put_end(room->id, room->reason, room->waited, room->status);
  if (mode != 's') send_out(), _exit(0);
  room->phase = 'z';
  if (room->pidfd < 0) forget(room);
}
/** Process 1 says how the step has ended when all else in its namespaces is gone. What it leaves to the kernel takes as long again. */
static void read_status(Room *room) {
  if (recv(room->link, &room->status, sizeof room->status, MSG_DONTWAIT) == sizeof room->status) room->phase = 'd';
  else if (errno == EAGAIN || errno == EINTR) return;
  close_once(&room->link);
}
/** Only when all of the room's processes are gone can its first one be waited for. */
static void reap(Room *room) {
  int status;
  if (waitpid(room->pid, &status, WNOHANG) != room->pid) return;
  close_once(&room->pidfd);
  if (room->phase == 'w' || room->phase == 'z') return forget(room);
  if (room->link >= 0) read_status(room);
  if (room->phase == 'r') room->status = status;
  room->phase = 'd';
}
static int wait_for_events(struct pollfd *events, Room **of) {
  int count = 1;
  int64_t next = INT64_MAX, now = now_ms();
  events[0] = (struct pollfd){.fd = CONTROL, .events = (short)(POLLIN | (out.used ? POLLOUT : 0))};
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
  static struct pollfd events[3 * MAX_ROOMS + 1];
  static Room *of[3 * MAX_ROOMS + 1];
  mode = count == 2 ? *arguments[1] : 0;
  if (!mode || !strchr("stp", mode)) return 2;
  fcntl(CONTROL, F_SETFD, FD_CLOEXEC);
  for (int number = 1; number < 65; number++) signal(number, SIG_IGN); // Ctrl-C is for the driver, or for the program
  signal(SIGCHLD, SIG_DFL);
  if (mode == 's') setsid();
  if (mode == 's') syscall(SYS_setgroups, 0, NULL); // where we may
  unsigned uid = geteuid(), gid = getegid();
  must(dup2(must(open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC), "open", "/proc"), HOST_PROC), "open", "/proc");
  if (mode != 'p' || uid != 0) {
    must(unshare(CLONE_NEWUSER | CLONE_NEWNS), "new namespaces", "");
    own_ids(0, 0, uid, gid);
  } else must(unshare(CLONE_NEWNS), "a new mount namespace", "");
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  must(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL), "make mounts private", "");
  must(pipe2(life, O_CLOEXEC), "a pipe", "");
  must(dup2(must(openat(HOST_PROC, "self/ns/mnt", O_RDONLY | O_CLOEXEC), "open", "the mount namespace"), MACHINE), "open", "it");
  put_message('R', 0, NULL, 0);
  for (;;) {
    if (out.used) send_out();
    int ready = wait_for_events(events, of);
    for (int i = 1; i < ready; i++)
      if (of[i]->pid) take_event(of[i], &events[i]);
    for (int i = 1; i < ready; i++)
      if (of[i]->pid) finish(of[i]);
    if (events[0].revents) receive();
  }
}
