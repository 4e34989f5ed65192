// zygote.c — preloaded into an interpreter: where it stops to wait for a step, it stays, and makes rooms for steps by copying itself.
// What a copy does not get from fork(2) is made again here: threads, descriptors of the event loop. The reasons: docs/design/supervisor.md.
#include "room.h"
#include <dlfcn.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <ucontext.h>

enum { LIBRARY = 7, MAX_THREADS = 256, MAX_DESCRIPTORS = 256, STACK_SIZE = 8 << 20, MAX_REQUEST = 1 << 18 };

static enum { OTHER, ZYGOTE, COPY } role; // OTHER: this program is no zygote, and nothing here does anything

// ---- threads that wait for work (V8's). A copy has none; each is begun again where it waited, when there is work for it

typedef struct {
  void *(*start)(void *);
  void *argument;
  pthread_t name; // in the zygote
  pthread_cond_t *condition;
  pthread_mutex_t *mutex;
  ucontext_t place; // in pthread_cond_wait
  volatile char state; // 'r' runs, 'w' waits at its place; in a copy also 's': it has a successor
} Thread;

static Thread threads[MAX_THREADS];
static int thread_count;
static __thread Thread *self;

/** The C library's function of that name. */
#define REAL(name) ((__typeof__(&name))real(#name))
static void *real(const char *name) {
  void *function = dlsym(RTLD_NEXT, name);
  if (!function) errno = ENOSYS, fail("find", name);
  return function;
}
static void *begin_thread(void *thread) {
  self = thread;
  void *result = self->start(self->argument);
  while (role == COPY) pause(); // what is below on this stack belongs to another thread
  return result;
}
int pthread_create(pthread_t *name, const pthread_attr_t *attributes, void *(*start)(void *), void *argument) {
  if (role != ZYGOTE || thread_count == MAX_THREADS) return REAL(pthread_create)(name, attributes, start, argument);
  Thread *thread = &threads[thread_count++];
  *thread = (Thread){.start = start, .argument = argument, .state = 'r'};
  // Not one that the C library gives to another thread in the copy.
  void *stack = mmap(NULL, STACK_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
  pthread_attr_t own;
  pthread_attr_init(&own);
  if (stack != MAP_FAILED) pthread_attr_setstack(&own, stack, STACK_SIZE);
  int error = REAL(pthread_create)(name, &own, begin_thread, thread);
  thread->name = *name;
  return error;
}
int pthread_cond_wait(pthread_cond_t *condition, pthread_mutex_t *mutex) {
  Thread *volatile thread = self;
  if (role != ZYGOTE || !thread) return REAL(pthread_cond_wait)(condition, mutex);
  thread->condition = condition;
  thread->mutex = mutex;
  getcontext(&thread->place);
  if (role == COPY) return pthread_mutex_lock(thread->mutex); // as if it had been woken for nothing, which it has to expect
  thread->state = 'w';
  int error = REAL(pthread_cond_wait)(thread->condition, thread->mutex);
  thread->state = 'r';
  return error;
}
static void *go_on(void *thread) {
  setcontext(&((Thread *)thread)->place);
  abort();
}
/** The runner has said with which status the process is to end, and the interpreter now takes down what is nobody's any more. */
static void end_when_said(void) {
  const char *status = getenv("TENON_EXIT_STATUS");
  if (status) _exit(atoi(status));
}
/** Those that waited for it in the zygote do so again. The condition counts waiters that are not there, so it begins anew. */
static void restore_waiters(pthread_cond_t *condition) {
  int count = 0;
  for (Thread *thread = threads; role == COPY && thread < threads + thread_count; thread++) {
    if (thread->state != 'w' || thread->condition != condition) continue;
    if (count++ == 0) memset(condition, 0, sizeof *condition);
    thread->state = 's';
    pthread_t successor;
    if (REAL(pthread_create)(&successor, NULL, go_on, thread)) abort();
  }
}
int pthread_cond_signal(pthread_cond_t *condition) {
  restore_waiters(condition);
  return REAL(pthread_cond_signal)(condition);
}
int pthread_cond_broadcast(pthread_cond_t *condition) {
  for (Thread *thread = threads; role == COPY && thread < threads + thread_count; thread++)
    if (thread->condition == condition) end_when_said();
  restore_waiters(condition);
  return REAL(pthread_cond_broadcast)(condition);
}
int pthread_join(pthread_t name, void **result) {
  for (Thread *thread = threads; role == COPY && thread < threads + thread_count; thread++)
    if (pthread_equal(thread->name, name)) end_when_said(), _exit(1);
  return REAL(pthread_join)(name, result);
}
/** V8 keeps its heap from copies, which are to be had cheaply by a process that runs another program at once. */
int madvise(void *start, size_t size, int advice) {
  return role == ZYGOTE && advice == MADV_DONTFORK ? 0 : REAL(madvise)(start, size, advice);
}

/** io_uring shares memory with the kernel, and a copy would share it with the zygote. libuv does without. */
long syscall(long number, ...) {
  long values[6];
  va_list rest;
  va_start(rest, number);
  for (int i = 0; i < 6; i++) values[i] = va_arg(rest, long);
  va_end(rest);
  if (role == ZYGOTE && number == 425 /* io_uring_setup */) return errno = ENOSYS, -1;
  return REAL(syscall)(number, values[0], values[1], values[2], values[3], values[4], values[5]);
}

/** All other threads sleep. As this one gives them nothing to do, they do so from now on. */
static int is_still(void) {
  DIR *tasks = opendir("/proc/self/task");
  if (!tasks) fail("read", "/proc/self/task");
  int is_still = 1;
  for (struct dirent *entry; is_still && (entry = readdir(tasks));) {
    char path[64], text[512];
    if (*entry->d_name == '.' || atoi(entry->d_name) == getpid()) continue;
    snprintf(path, sizeof path, "/proc/self/task/%.16s/stat", entry->d_name);
    read_text(path, text, sizeof text);
    const char *end = strrchr(text, ')'); // of the name
    is_still = end && end[2] == 'S';
  }
  closedir(tasks);
  return is_still;
}

// ---- descriptors of event loops: a copy gets others of the same kind, so that it shares nothing with the zygote or other copies

typedef struct { int number; char is_loop, is_event; char target[64]; } Descriptor;

static Descriptor descriptors[MAX_DESCRIPTORS];
static int descriptor_count;

static ssize_t read_target(int number, char *target, size_t size) {
  char path[32];
  snprintf(path, sizeof path, "self/fd/%d", number);
  ssize_t length = readlinkat(HOST_PROC, path, target, size - 1);
  target[length < 0 ? 0 : length] = 0;
  return length;
}
static void list_descriptors(void) {
  DIR *folder = opendir("/proc/self/fd");
  if (!folder) fail("read", "/proc/self/fd");
  for (struct dirent *entry; (entry = readdir(folder));) {
    int number = atoi(entry->d_name);
    if (number <= LIBRARY || number == dirfd(folder)) continue;
    if (descriptor_count == MAX_DESCRIPTORS) errno = EMFILE, fail("copy", "descriptors");
    Descriptor *one = &descriptors[descriptor_count++];
    one->number = number;
    read_target(number, one->target, sizeof one->target);
    one->is_loop = strstr(one->target, "[eventpoll]") != NULL;
    one->is_event = strstr(one->target, "[eventfd]") != NULL;
  }
  closedir(folder);
}
static void replace_descriptors(void) {
  for (Descriptor *one = descriptors; one < descriptors + descriptor_count; one++) {
    char target[sizeof one->target];
    if (read_target(one->number, target, sizeof target) < 0 || strcmp(target, one->target)) continue; // libuv has replaced it already
    int fresh = one->is_loop    ? epoll_create1(EPOLL_CLOEXEC)
                : one->is_event ? eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)
                                : open("/dev/null", O_RDWR | O_CLOEXEC);
    must(dup3(must(fresh, "open", "a descriptor"), one->number, O_CLOEXEC), "replace", "a descriptor");
    close(fresh);
  }
}

// ---- rooms

extern void *uv_default_loop(void) __attribute__((weak));
extern int uv_loop_fork(void *) __attribute__((weak));
extern void uv_update_time(void *) __attribute__((weak));

static void become_copy(void) {
  replace_descriptors();
  syscall(CLOSE_RANGE, LINK, MACHINE, 0);
  if (uv_loop_fork) {
    int error = uv_loop_fork(uv_default_loop());
    if (error) errno = -error, fail("copy", "the event loop");
    uv_update_time(uv_default_loop());
  }
  role = COPY;
  prctl(PR_SET_DUMPABLE, 1); // as after execve(2): what it may read of itself
}
/** The words of a room's kind, and what it gets. Ends the zygote when there is nobody to ask. */
static Words receive_request(char *text, Ends *ends) {
  union { char bytes[CMSG_SPACE(sizeof *ends)]; struct cmsghdr aligned; } control;
  struct iovec whole = {text, MAX_REQUEST};
  struct msghdr message = {.msg_iov = &whole, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control.bytes};
  ssize_t size;
  while ((size = recvmsg(LINK, &message, MSG_CMSG_CLOEXEC)) < 0 && errno == EINTR);
  struct cmsghdr *head = size > 2 ? CMSG_FIRSTHDR(&message) : NULL;
  if (!head || message.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) _exit(0);
  int given[4], next = 2;
  memcpy(given, CMSG_DATA(head), head->cmsg_len - CMSG_LEN(0));
  *ends = (Ends){given[0], given[1], -1, -1};
  if (text[0] == '+') ends->root = given[next++];
  if (text[1] == '+') ends->network = given[next];
  return (Words){text + 2, text + size};
}
/** Returns in copies: each the process of a step, stopped and continued as if it had been started for it alone. */
static void make_copies(void) {
  static char text[MAX_REQUEST];
  if (getpid() == 2) _exit(0); // as its copies: OpenSSL takes new random numbers in a process of another number alone
  for (int rounds = 0; rounds < 3; usleep(300)) rounds = is_still() ? rounds + 1 : 0; // one may just have woken another
  list_descriptors();
  if (send(LINK, "r", 1, MSG_NOSIGNAL) < 0) _exit(0);
  for (;;) {
    Ends ends;
    Words kind = receive_request(text, &ends);
    // Without the C library's fork(): process 1 is the supervisor's child, and runs C alone.
    pid_t pid = (pid_t)syscall(SYS_clone, CLONE_NEWPID | CLONE_PARENT | SIGCHLD, 0, 0, 0, 0);
    if (pid == 0) {
      Start start;
      close(LIBRARY);
      first_process(kind, &start, &ends);
      must(chdir(start.directory), "enter", start.directory);
      free(start.arguments);
      become_copy();
      REAL(kill)(getpid(), SIGSTOP);
      return;
    }
    const int given[] = {ends.log, ends.link, ends.root, ends.network};
    for (int i = 0; i < 4; i++)
      if (given[i] >= 0) close(given[i]);
    if (send(LINK, &pid, sizeof pid, MSG_NOSIGNAL) < 0) _exit(0);
  }
}

/** An interpreter that stops itself is ready for a step. */
int kill(pid_t pid, int number) {
  if (role != ZYGOTE || number != SIGSTOP || pid != getpid()) return REAL(kill)(pid, number);
  make_copies();
  return 0;
}
__attribute__((constructor)) static void begin(void) {
  const char *preloaded = getenv("LD_PRELOAD");
  if (!preloaded || strcmp(preloaded, "/proc/self/fd/7")) return;
  size_t size = strlen(preloaded);
  unsetenv("LD_PRELOAD");
  memset((char *)preloaded, 0, size); // in /proc/self/environ
  mode = 's';
  keeps_descriptors = 1;
  role = ZYGOTE;
}
