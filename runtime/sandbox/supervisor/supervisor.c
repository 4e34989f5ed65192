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

enum { CONTROL = 3, MAX_STEPS = 1024, MAX_FRAME = 64 << 20, READ_SIZE = 1 << 16, MAX_BACKLOG = 1 << 20, MAX_LAYERS = 128 };

typedef struct {
  uint32_t id;
  pid_t pid; // process 1 of the step's namespaces, or the lister of its overlays; 0: a free place
  int pidfd, log;
  int64_t deadline; // monotonic milliseconds
  char reason;      // 'e' ended by itself, 't' out of time, 'k' killed for the driver
  char phase;       // 'r' running, 'l' listing what its overlays hide, 'd' done: what is left of the log is sent
  int status;       // of wait(2)
  char *frame;
  size_t size;
} Step;
typedef struct { char *bytes; size_t used, room; } Buffer;
typedef struct { char *at, *end; } Words;

static Step steps[MAX_STEPS];
static int *statuses; // shared with the first processes of all steps, by place in `steps`
static Buffer in, out;
static char mode; // first letter of the argument
static int host_proc, life[2];

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

/** What follows the settings: root, mounts, variables, command. */
static Words operations_of(Step *step) {
  Words words = {step->frame, step->frame + step->size};
  for (int setting = 0; setting < 7; setting++) next_word(&words);
  return words;
}

// ---- mounts, made by process 1 of a step

static void write_file(int directory, const char *path, const char *text, int optional) {
  int file = openat(directory, path, O_WRONLY | O_CLOEXEC);
  int wrote = file >= 0 && write(file, text, strlen(text)) >= 0;
  if (!wrote && !optional) fail("write", path);
  if (file >= 0) close(file);
}
/** What the one user that there is in a new user namespace is called inside and outside of it. */
static void own_ids(unsigned uid, unsigned gid, unsigned outer_uid, unsigned outer_gid) {
  char line[64];
  write_file(host_proc, "self/setgroups", "deny", 0);
  snprintf(line, sizeof line, "%u %u 1\n", uid, outer_uid);
  write_file(host_proc, "self/uid_map", line, 0);
  snprintf(line, sizeof line, "%u %u 1\n", gid, outer_gid);
  write_file(host_proc, "self/gid_map", line, 0);
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
/** Folders are named by descriptors: no length, colon or comma in their paths matters, and the step reads none of them in its mount table. */
static void attach_overlay(Words *words, int root) {
  char options[64 * (MAX_LAYERS + 4)], *end = options;
  int folders[MAX_LAYERS + 2], count = 0;
  const char *target = next_word(words);
  const char *upper = next_word(words), *work = next_word(words);
  next_word(words); // for the lister
  int64_t layers = next_number(words);
  if (layers < 1 || layers > MAX_LAYERS) errno = E2BIG, fail("an overlay at", target);
  for (int64_t i = -2; i < layers; i++) {
    const char *path = i == -2 ? upper : i == -1 ? work : next_word(words);
    int folder = folders[count++] = must(open(path, O_PATH | O_DIRECTORY | O_CLOEXEC), "open", path);
    const char *option = i == -2 ? "userxattr,volatile,upperdir=" : i == -1 ? ",workdir=" : i == 0 ? ",lowerdir=" : ":";
    end += sprintf(end, "%s/proc/self/fd/%d", option, folder);
  }
  int place = place_of(root, target);
  char at[64];
  sprintf(at, "/proc/self/fd/%d", place);
  must(mount("overlay", at, "overlay", MS_NOSUID | MS_NODEV, options), "an overlay at", target);
  close(place);
  while (count) close(folders[--count]);
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

typedef struct { char *network, *host_name, *directory; unsigned uid, gid; char *environment[256], **arguments; } Start;

/** Mounts everything and makes it the root. What is left of the words is read: environment, command. */
static void enter_root(Words *words, Start *start) {
  const char *path = next_word(words);
  attach(tree_at(path, mode == 'p' ? ATTR_RDONLY : ATTR_RDONLY | ATTR_NOSUID | ATTR_NODEV), AT_FDCWD, path);
  int root = must(open(path, O_PATH | O_DIRECTORY | O_CLOEXEC), "open", path);
  size_t variables = 0;
  for (;;) {
    char *word = next_word(words);
    if (!strcmp(word, "bind")) {
      uint64_t attributes = attributes_of(next_word(words));
      int tree = tree_at(next_word(words), attributes);
      attach(tree, root, next_word(words));
    } else if (!strcmp(word, "overlay")) attach_overlay(words, root);
    else if (!strcmp(word, "env")) {
      if (variables >= 255) errno = E2BIG, fail("the environment", "");
      start->environment[variables++] = next_word(words);
    } else break; // "run"
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
  size_t count = 0;
  for (char *at = words->at; at < words->end; at += strlen(at) + 1) count++;
  start->arguments = calloc(count + 1, sizeof(char *));
  if (!start->arguments) fail("memory", "");
  for (size_t i = 0; i < count; i++) start->arguments[i] = next_word(words);
}
/** The child of process 1: the step itself. */
static void become_step(Start *start) {
  if (mode == 's') dup2(must(open("/dev/null", O_RDONLY | O_CLOEXEC), "open", "/dev/null"), 0);
  if (mode != 'p' || getuid() != start->uid) {
    must(unshare(CLONE_NEWUSER), "a new user namespace", "");
    own_ids(start->uid, start->gid, 0, 0);
  }
  if (mode != 'p') {
    // No namespaces inside of the step's: what it can ask the kernel for stays small.
    write_file(host_proc, "sys/user/max_user_namespaces", "0", 1);
    for (int capability = 0; prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) == 0;) capability++;
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct none[2] = {{0, 0, 0}, {0, 0, 0}};
    must(syscall(SYS_capset, &header, none), "drop capabilities", "");
    must(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no new privileges", "");
  }
  for (int number = 1; number < 65; number++) signal(number, SIG_DFL);
  must(chdir(start->directory), "enter", start->directory);
  must(syscall(CLOSE_RANGE, 3, ~0U, 0), "close descriptors", "");
  execve(start->arguments[0], start->arguments, start->environment);
  fail("run", start->arguments[0]);
}
/** Process 1 of the step's namespaces. When it ends the kernel ends all others in them. */
static void first_process(Step *step, int log) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  close(life[1]);
  struct pollfd parent = {.fd = life[0]};
  if (poll(&parent, 1, 0) != 0) _exit(126); // the supervisor is gone already
  if (mode == 's') {
    dup2(log, 1), dup2(log, 2); // standard input is nothing already
  }
  Words words = {step->frame, step->frame + step->size};
  Start start;
  next_number(&words); // timeout
  start.network = next_word(&words);
  start.host_name = next_word(&words);
  start.uid = (unsigned)next_number(&words);
  start.gid = (unsigned)next_number(&words);
  start.directory = next_word(&words);
  if (mode != 'p') {
    umask(022);
    must(sethostname(start.host_name, strlen(start.host_name)), "set the host name", "");
    syscall(SYS_keyctl, 1 /* join a new session keyring */, NULL);
    if (*start.network == '-') loopback_up();
  }
  enter_root(&words, &start);
  pid_t child = must(fork(), "start a process", "");
  if (child == 0) become_step(&start);
  if (mode == 's') dup2(0, 1), dup2(0, 2);
  syscall(CLOSE_RANGE, 3, ~0U, 0);
  int status;
  for (pid_t ended; (ended = wait(&status)) != child;)
    if (ended < 0 && errno != EINTR) _exit(126);
  statuses[step - steps] = status;
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
/** The next overlay of a step's message; `words` is then behind its name. */
static int next_overlay(Words *words) {
  if (words->at == words->end) return 0;
  for (;;) {
    const char *word = next_word(words);
    if (!strcmp(word, "overlay")) return 1;
    if (!strcmp(word, "run")) return 0;
    for (int skipped = !strcmp(word, "bind") ? 3 : 1; skipped > 0; skipped--) next_word(words);
  }
}
/** Writes the opaque folders of each upper layer into the file named for it: paths from the layer's root, each ended by NUL. */
static void list_overlays(Step *step, int log) {
  (void)log;
  static char path[PATH_MAX * 4];
  Words words = operations_of(step);
  while (next_overlay(&words)) {
    next_word(&words);
    const char *upper = next_word(&words);
    next_word(&words);
    const char *file = next_word(&words);
    for (int64_t layers = next_number(&words); layers > 0; layers--) next_word(&words);
    FILE *list = fopen(file, "wxe");
    if (!list) fail("write", file);
    size_t length = strlen(strcpy(path, upper));
    list_opaque(list, path, length, length);
    if (fclose(list)) fail("write", file);
  }
  _exit(0);
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
static void put_end(uint32_t id, char reason, int status) {
  char body[5] = {reason};
  memcpy(body + 1, &status, 4);
  put_message('E', id, body, 5);
}
static void refuse(uint32_t id, const char *what) {
  char text[256];
  int length = snprintf(text, sizeof text, "tenon-supervisor: %s: %s\n", what, strerror(errno));
  put_message('L', id, text, (size_t)length);
  put_end(id, 'e', 126 << 8);
}

static Step *free_place(void) {
  for (Step *step = steps; step < steps + MAX_STEPS; step++)
    if (!step->pid) return step;
  errno = EAGAIN;
  return NULL;
}
/** A process like fork(2)'s, in new namespaces, that does `work`. */
static int launch(Step *step, int flags, int log, void (*work)(Step *, int)) {
  pid_t pid = (pid_t)syscall(SYS_clone, flags | SIGCHLD, 0, 0, 0, 0);
  if (pid == 0) {
    work(step, log);
    _exit(126);
  }
  if (pid < 0) return -1;
  step->pid = pid;
  step->pidfd = (int)syscall(PIDFD_OPEN, pid, 0);
  if (step->pidfd >= 0) return fcntl(step->pidfd, F_SETFD, FD_CLOEXEC);
  kill(pid, SIGKILL);
  waitpid(pid, NULL, 0);
  step->pid = 0;
  return -1;
}
static void start_step(uint32_t id, const char *body, size_t size) {
  Step *step = free_place();
  int log[2] = {-1, -1};
  if (!step || (mode == 's' && pipe2(log, O_CLOEXEC))) return refuse(id, "no room for another step");
  Step started = {.id = id, .reason = 'e', .phase = 'r', .log = log[0], .size = size, .frame = malloc(size)};
  if (!started.frame) fail("memory", "");
  memcpy(started.frame, body, size);
  *step = started;
  statuses[step - steps] = -1;
  Words words = {step->frame, step->frame + size};
  int64_t timeout = next_number(&words);
  step->deadline = timeout > 0 ? now_ms() + timeout : INT64_MAX;
  int network = *next_word(&words) == '+';
  int flags = CLONE_NEWNS;
  if (mode != 'p') flags |= CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP | (network ? 0 : CLONE_NEWNET);
  if (mode == 's') fcntl(log[0], F_SETFL, O_NONBLOCK);
  int failed = launch(step, flags, log[1], first_process);
  if (log[1] >= 0) close(log[1]);
  if (!failed) return;
  refuse(id, "no new namespaces");
  if (log[0] >= 0) close(log[0]);
  free(step->frame);
  step->pid = 0;
}
static void stop_step(Step *step, char reason) {
  if (step->phase != 'r' || step->reason != 'e') return;
  step->reason = reason;
  kill(step->pid, SIGKILL); // not reaped yet, so the id is still its own
}
static void take_message(char type, uint32_t id, const char *body, size_t size) {
  if (type == 'S') return start_step(id, body, size);
  for (Step *step = steps; step < steps + MAX_STEPS; step++)
    if (step->pid && step->id == id) stop_step(step, 'k');
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
    take_message(in.bytes[done + 4], id, in.bytes + done + 9, length - 5);
  }
  in.used -= done;
  memmove(in.bytes, in.bytes + done, in.used);
}

// ---- the end of a step

static void pass_log(Step *step) {
  static char bytes[READ_SIZE];
  ssize_t got = read(step->log, bytes, sizeof bytes);
  if (got > 0) return put_message('L', step->id, bytes, (size_t)got);
  if (got < 0 && errno == EINTR) return;
  int is_complete = got == 0 || step->phase == 'd'; // nothing that could write runs any more
  if (!is_complete) return;
  close(step->log);
  step->log = -1;
}
static void finish(Step *step) {
  if (step->phase != 'd' || step->log >= 0) return;
  put_end(step->id, step->reason, step->status);
  free(step->frame);
  step->pid = 0;
  if (mode != 's') send_out(), _exit(0);
}
/** Only when all of the step's processes are gone can its first one be waited for. */
static void reap(Step *step) {
  int status;
  if (waitpid(step->pid, &status, WNOHANG) != step->pid) return;
  close(step->pidfd);
  if (step->phase == 'l') {
    if (status) step->reason = 'e', step->status = 126 << 8;
    step->phase = 'd';
    return;
  }
  int own = statuses[step - steps];
  step->status = own == -1 ? status : own;
  step->phase = 'd';
  Words words = operations_of(step);
  if (!next_overlay(&words)) return;
  step->phase = 'l';
  if (launch(step, 0, -1, list_overlays)) fail("start a process", "");
}
static int wait_for_events(struct pollfd *events, Step **of) {
  int count = 1;
  int64_t next = INT64_MAX, now = now_ms();
  events[0] = (struct pollfd){.fd = CONTROL, .events = (short)(POLLIN | (out.used ? POLLOUT : 0))};
  for (Step *step = steps; step < steps + MAX_STEPS; step++) {
    if (!step->pid) continue;
    if (step->phase != 'd') {
      if (step->deadline <= now) stop_step(step, 't');
      else if (step->phase == 'r' && step->deadline < next) next = step->deadline;
      of[count] = step;
      events[count++] = (struct pollfd){.fd = step->pidfd, .events = POLLIN};
    }
    if (step->log >= 0 && out.used < MAX_BACKLOG) { // a driver that is slow to read makes steps wait
      of[count] = step;
      events[count++] = (struct pollfd){.fd = step->log, .events = POLLIN};
      if (step->phase == 'd') next = now;
    }
  }
  int64_t patience = next == INT64_MAX ? -1 : next - now;
  poll(events, (nfds_t)count, patience > 1 << 30 ? 1 << 30 : (int)patience);
  return count;
}

int main(int count, char **arguments) {
  static struct pollfd events[2 * MAX_STEPS + 1];
  static Step *of[2 * MAX_STEPS + 1];
  mode = count == 2 ? *arguments[1] : 0;
  if (!mode || !strchr("stp", mode)) return 2;
  fcntl(CONTROL, F_SETFD, FD_CLOEXEC);
  for (int number = 1; number < 65; number++) signal(number, SIG_IGN); // Ctrl-C is for the driver, or for the program
  signal(SIGCHLD, SIG_DFL);
  if (mode == 's') setsid();
  if (mode == 's') syscall(SYS_setgroups, 0, NULL); // where we may
  unsigned uid = geteuid(), gid = getegid();
  host_proc = must(open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC), "open", "/proc");
  if (mode != 'p' || uid != 0) {
    must(unshare(CLONE_NEWUSER | CLONE_NEWNS), "new namespaces", "");
    own_ids(0, 0, uid, gid);
  } else must(unshare(CLONE_NEWNS), "a new mount namespace", "");
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  must(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL), "make mounts private", "");
  must(pipe2(life, O_CLOEXEC), "a pipe", "");
  statuses = mmap(NULL, MAX_STEPS * sizeof *statuses, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (statuses == MAP_FAILED) fail("memory", "");
  put_message('R', 0, NULL, 0);
  for (;;) {
    if (out.used) send_out();
    int ready = wait_for_events(events, of);
    for (int i = 1; i < ready; i++) {
      if (of[i]->pid && events[i].revents && events[i].fd == of[i]->log) pass_log(of[i]);
      else if (of[i]->pid && events[i].revents && of[i]->phase != 'd') reap(of[i]);
    }
    for (int i = 1; i < ready; i++)
      if (of[i]->pid && of[i]->phase == 'd' && of[i]->log >= 0 && !events[i].revents) pass_log(of[i]);
    for (int i = 1; i < ready; i++)
      if (of[i]->pid) finish(of[i]);
    if (events[0].revents) receive();
  }
}
