/* An NVIDIA driver without a GPU, for tests: devices of ordinary memory, kernels of the emulated NVRTC run one
   work-item after another. Stricter than a driver where that finds mistakes: nothing queued in a stream happens
   before the stream is waited for; new memory is poisoned; every handle must belong to the current context.

   CUDA_EMULATED_LOG      file that takes one line a call
   CUDA_EMULATED_INIT     what cuInit answers
   CUDA_EMULATED_VERSION  CUDA version, 13000
   CUDA_EMULATED_DEVICES  2
   CUDA_EMULATED_CAPABILITY  90
   CUDA_EMULATED_MEMORY   bytes of a device, 1 GiB
   CUDA_EMULATED_FAULT    FUNCTION:N:CODE, what its N-th call answers; from 700 on all later calls answer it, too */
#include <dlfcn.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>
#include <unistd.h>

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

enum { OK = 0, INVALID_VALUE = 1, OUT_OF_MEMORY = 2, INVALID_IMAGE = 200, INVALID_CONTEXT = 201,
       INVALID_HANDLE = 400, NOT_FOUND = 500 };

struct context {
  int retained = 0;
  size_t used = 0;
  std::map<char *, size_t> memory;
};
struct stream {
  context *owner;
  std::vector<std::function<int()>> queued;
};
struct module {
  context *owner;
  void *library;
};
struct function {
  module *owner;
  std::string name;
};
struct index3 {
  unsigned x, y, z;
};

static std::recursive_mutex lock;
static thread_local context *current;
static std::set<void *> handles;

static long setting(const char *name, long standard) {
  const char *value = getenv(name);
  return value ? atol(value) : standard;
}

static std::vector<context> &contexts() {
  static std::vector<context> all(setting("CUDA_EMULATED_DEVICES", 2));
  return all;
}

/* Writes the call down; what it must answer whatever it does, or 0. */
static int called(const char *name, const char *format = "", ...) {
  static std::map<std::string, int> counts;
  static int broken = OK;
  static FILE *log = getenv("CUDA_EMULATED_LOG") ? fopen(getenv("CUDA_EMULATED_LOG"), "a") : nullptr;
  if (log) {
    va_list arguments;
    va_start(arguments, format);
    fprintf(log, "%s ", name);
    vfprintf(log, format, arguments);
    fprintf(log, "\n");
    fflush(log);
    va_end(arguments);
  }
  if (const char *fault = getenv("CUDA_EMULATED_FAULT")) {
    char victim[64];
    int nth, code;
    if (sscanf(fault, "%63[^:]:%d:%d", victim, &nth, &code) == 3 && !strcmp(victim, name) &&
        ++counts[name] == nth) {
      if (code >= 700) broken = code;
      return code;
    }
  }
  return broken;
}

#define CALLED(...)                                   \
  std::lock_guard<std::recursive_mutex> guard(lock);  \
  if (int answer = called(__VA_ARGS__)) return answer
#define IN_CONTEXT \
  if (!current || !current->retained) return INVALID_CONTEXT
#define OWNED(handle) \
  if (!handles.count(handle) || (handle)->owner != current) return INVALID_HANDLE

/* Whether the bytes lie in one allocation of the context. */
static bool inside(context *of, char *pointer, size_t bytes) {
  auto after = of->memory.upper_bound(pointer);
  if (after == of->memory.begin()) return false;
  --after;
  return pointer + bytes <= after->first + after->second;
}

/* One group: work-items take turns, each until its next barrier. */
class group {
 public:
  group(unsigned size, std::function<void()> body, index3 *item, void (**barrier)())
      : body(body), item(item), items(size) {
    running = this;
    *barrier = leave;
  }

  void run() {
    while (stacks.size() < items.size()) stacks.emplace_back(new char[STACK]);
    for (size_t left = items.size(); left;) {
      for (at = 0; at < items.size(); at++) {
        if (items[at].ended) continue;
        *item = {(unsigned)at, 0, 0};
        if (!_setjmp(scheduler)) enter();
        if (items[at].ended) left--;
      }
    }
  }

 private:
  struct work_item {
    bool begun = false, ended = false;
    ucontext_t beginning;
    jmp_buf barrier;
  };
  static const size_t STACK = 1 << 18;
  static thread_local group *running;
  static thread_local std::vector<std::unique_ptr<char[]>> stacks;
  std::function<void()> body;
  index3 *item;
  std::vector<work_item> items;
  jmp_buf scheduler;
  size_t at = 0;

  /* Jumps between stacks: unlike swapcontext they need no system call. */
  void enter() {
    work_item &one = items[at];
    if (one.begun) _longjmp(one.barrier, 1);
    one.begun = true;
    getcontext(&one.beginning);
    one.beginning.uc_stack.ss_sp = stacks[at].get();
    one.beginning.uc_stack.ss_size = STACK;
    makecontext(&one.beginning, begin, 0);
    setcontext(&one.beginning);
  }

  static void begin() {
    running->body();
    running->items[running->at].ended = true;
    _longjmp(running->scheduler, 1);
  }

  static void leave() {
    if (!_setjmp(running->items[running->at].barrier)) _longjmp(running->scheduler, 1);
  }
};
thread_local group *group::running;
thread_local std::vector<std::unique_ptr<char[]>> group::stacks;

static int execute(function *kernel, unsigned groups, unsigned size, std::vector<char *> arguments) {
  void *library = kernel->owner->library;
  auto call = (void (*)(void **))dlsym(library, (kernel->name + "_call").c_str());
  auto at = [&](const char *name) { return (index3 *)dlsym(library, name); };
  *at("gridDim") = {groups, 1, 1};
  *at("blockDim") = {size, 1, 1};
  std::vector<void *> addresses;
  for (char *&argument : arguments) addresses.push_back(&argument);
  /* On a thread of its own: the caller's stack belongs to the JVM. */
  std::thread([&] {
    for (unsigned i = 0; i < groups; i++) {
      *at("blockIdx") = {i, 0, 0};
      group(size, [&] { call(addresses.data()); }, at("threadIdx"), (void (**)())dlsym(library, "basin_barrier")).run();
    }
  }).join();
  return OK;
}

extern "C" {

int cuInit(unsigned flags) {
  CALLED("cuInit", "%u", flags);
  return (int)setting("CUDA_EMULATED_INIT", OK);
}

int cuDriverGetVersion(int *version) {
  CALLED("cuDriverGetVersion");
  *version = (int)setting("CUDA_EMULATED_VERSION", 13000);
  return OK;
}

/* A real NVRTC asks for one where a driver is loaded, and goes on without. */
int cuGetExportTable(const void **, const void *) {
  CALLED("cuGetExportTable");
  return NOT_FOUND;
}

int cuDeviceGetCount(int *count) {
  CALLED("cuDeviceGetCount");
  *count = (int)contexts().size();
  return OK;
}

int cuDeviceGet(int *device, int ordinal) {
  CALLED("cuDeviceGet", "%d", ordinal);
  *device = ordinal;
  return OK;
}

int cuDeviceGetName(char *name, int size, int device) {
  CALLED("cuDeviceGetName", "%d", device);
  snprintf(name, size, "Emulated GPU");
  return OK;
}

int cuDeviceTotalMem_v2(size_t *bytes, int device) {
  CALLED("cuDeviceTotalMem", "%d", device);
  *bytes = setting("CUDA_EMULATED_MEMORY", 1L << 30);
  return OK;
}

int cuDeviceGetAttribute(int *value, int attribute, int device) {
  CALLED("cuDeviceGetAttribute", "%d %d", attribute, device);
  long capability = setting("CUDA_EMULATED_CAPABILITY", 90);
  std::map<int, int> known = {
      {1, 1024}, {8, 49152}, {16, 2}, {75, (int)(capability / 10)}, {76, (int)(capability % 10)}};
  if (!known.count(attribute)) return INVALID_VALUE;
  *value = known[attribute];
  return OK;
}

int cuDevicePrimaryCtxRetain(context **out, int device) {
  CALLED("cuDevicePrimaryCtxRetain", "%d", device);
  *out = &contexts().at(device);
  (*out)->retained++;
  return OK;
}

int cuDevicePrimaryCtxRelease_v2(int device) {
  CALLED("cuDevicePrimaryCtxRelease", "%d", device);
  context &of = contexts().at(device);
  if (!of.retained) return INVALID_CONTEXT;
  of.retained--;
  return OK;
}

int cuCtxSetCurrent(context *wanted) {
  CALLED("cuCtxSetCurrent", "%d", wanted ? (int)(wanted - contexts().data()) : -1);
  current = wanted;
  return OK;
}

int cuMemGetInfo_v2(size_t *available, size_t *total) {
  CALLED("cuMemGetInfo");
  IN_CONTEXT;
  *total = setting("CUDA_EMULATED_MEMORY", 1L << 30);
  *available = *total - current->used;
  return OK;
}

int cuMemAlloc_v2(char **out, size_t bytes) {
  CALLED("cuMemAlloc", "%zu", bytes);
  IN_CONTEXT;
  if (!bytes) return INVALID_VALUE;
  if (bytes > setting("CUDA_EMULATED_MEMORY", 1L << 30) - current->used) return OUT_OF_MEMORY;
  *out = (char *)malloc(bytes);
  memset(*out, 0xa5, bytes);
  current->memory[*out] = bytes;
  current->used += bytes;
  return OK;
}

int cuMemFree_v2(char *pointer) {
  CALLED("cuMemFree");
  IN_CONTEXT;
  if (!current->memory.count(pointer)) return INVALID_VALUE;
  current->used -= current->memory[pointer];
  current->memory.erase(pointer);
  free(pointer);
  return OK;
}

int cuStreamCreate(stream **out, unsigned flags) {
  CALLED("cuStreamCreate", "%u", flags);
  IN_CONTEXT;
  *out = new stream{current, {}};
  handles.insert(*out);
  return OK;
}

int cuStreamDestroy_v2(stream *of) {
  CALLED("cuStreamDestroy");
  IN_CONTEXT;
  OWNED(of);
  handles.erase(of);
  delete of;
  return OK;
}

int cuStreamSynchronize(stream *of) {
  CALLED("cuStreamSynchronize");
  IN_CONTEXT;
  OWNED(of);
  for (auto &each : of->queued)
    if (int answer = each()) return answer;
  of->queued.clear();
  return OK;
}

/* For the emulated cuBLAS: queues work behind what is in the stream. */
int basin_queue(stream *of, void (*work)(void *), void *argument) {
  std::lock_guard<std::recursive_mutex> guard(lock);
  if (!handles.count(of)) return INVALID_HANDLE;
  of->queued.push_back([=] {
    work(argument);
    return (int)OK;
  });
  return OK;
}

int cuMemcpyHtoDAsync_v2(char *to, const char *from, size_t bytes, stream *of) {
  CALLED("cuMemcpyHtoDAsync", "%zu", bytes);
  IN_CONTEXT;
  OWNED(of);
  if (!inside(current, to, bytes)) return INVALID_VALUE;
  of->queued.push_back([=] { memcpy(to, from, bytes); return OK; });
  return OK;
}

int cuMemcpyDtoHAsync_v2(char *to, const char *from, size_t bytes, stream *of) {
  CALLED("cuMemcpyDtoHAsync", "%zu", bytes);
  IN_CONTEXT;
  OWNED(of);
  if (!inside(current, (char *)from, bytes)) return INVALID_VALUE;
  of->queued.push_back([=] { memcpy(to, from, bytes); return OK; });
  return OK;
}

int cuModuleLoadDataEx(module **out, const char *image, unsigned options, int *, void **) {
  CALLED("cuModuleLoadDataEx", "%u", options);
  IN_CONTEXT;
  if (memcmp(image, "EMULATED", 8)) return INVALID_IMAGE;
  unsigned long long length;
  memcpy(&length, image + 8, sizeof length);
  char path[] = "/tmp/basin-emulated-XXXXXX";
  int file = mkstemp(path);
  bool written = write(file, image + 16, length) == (ssize_t)length;
  close(file);
  void *library = written ? dlopen(path, RTLD_NOW | RTLD_LOCAL) : nullptr;
  unlink(path);
  if (!library) return INVALID_IMAGE;
  *out = new module{current, library};
  handles.insert(*out);
  return OK;
}

int cuModuleUnload(module *of) {
  CALLED("cuModuleUnload");
  IN_CONTEXT;
  OWNED(of);
  handles.erase(of);
  dlclose(of->library);
  delete of;
  return OK;
}

int cuModuleGetFunction(function **out, module *of, const char *name) {
  CALLED("cuModuleGetFunction", "%s", name);
  IN_CONTEXT;
  OWNED(of);
  if (!dlsym(of->library, (std::string(name) + "_call").c_str())) return NOT_FOUND;
  *out = new function{of, name};
  return OK;
}

int cuFuncGetAttribute(int *value, int attribute, function *) {
  CALLED("cuFuncGetAttribute", "%d", attribute);
  IN_CONTEXT;
  *value = 1000 + attribute;
  return OK;
}

int cuLaunchKernel(function *kernel, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz,
                   unsigned shared, stream *of, void **parameters, void **extra) {
  CALLED("cuLaunchKernel", "%s %ux%ux%u groups of %ux%ux%u, %u bytes shared%s", kernel->name.c_str(), gx, gy, gz, bx,
         by, bz, shared, extra ? ", extra" : "");
  IN_CONTEXT;
  OWNED(of);
  OWNED(kernel->owner);
  if (!gx || !bx || bx > 1024) return INVALID_VALUE;
  int count = *(const int *)dlsym(kernel->owner->library, (kernel->name + "_parameters").c_str());
  std::vector<char *> arguments;
  for (int i = 0; i < count; i++) {
    arguments.push_back(*(char **)parameters[i]);
    if (!inside(current, arguments.back(), 1)) return INVALID_VALUE;
  }
  of->queued.push_back([=] { return execute(kernel, gx, bx, arguments); });
  return OK;
}
}
