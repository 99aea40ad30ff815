/* An NVRTC that compiles for the emulated driver: the host's C++ compiler makes a library of the text, and that,
   after a mark and its length, is the "cubin". DEVICE_HEADER is the path of device.h.
   CUDA_EMULATED_NVRTC is its version, 13. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <fstream>
#include <regex>
#include <sstream>
#include <string>

struct program {
  std::string text, log, image;
};

static std::string content(const std::string &path) {
  std::ifstream stream(path, std::ios::binary);
  std::stringstream all;
  all << stream.rdbuf();
  return all.str();
}

/* A caller for each kernel of the text. */
static std::string callers(const std::string &text) {
  static const std::regex kernel("(BASIN_KERNEL|__global__)\\b[^;{}#]*?\\b(\\w+)\\s*\\([^()]*\\)\\s*\\{");
  std::string out;
  for (std::sregex_iterator i(text.begin(), text.end(), kernel), end; i != end; ++i) {
    std::string name = (*i)[2];
    out += "extern \"C\" const int " + name + "_parameters = basin_parameters(" + name + ");\n";
    out += "extern \"C\" void " + name + "_call(void **arguments) { basin_call(" + name + ", arguments); }\n";
  }
  return out;
}

extern "C" {

int nvrtcVersion(int *major, int *minor) {
  const char *chosen = getenv("CUDA_EMULATED_NVRTC");
  *major = chosen ? atoi(chosen) : 13;
  *minor = 0;
  return 0;
}

int nvrtcGetNumSupportedArchs(int *count) {
  *count = 3;
  return 0;
}

int nvrtcGetSupportedArchs(int *known) {
  known[0] = 75;
  known[1] = 80;
  known[2] = 90;
  return 0;
}

const char *nvrtcGetErrorString(int code) { return code == 6 ? "NVRTC_ERROR_COMPILATION" : "NVRTC_ERROR"; }

int nvrtcCreateProgram(program **out, const char *text, const char *, int, const char *const *, const char *const *) {
  *out = new program();
  (*out)->text = text;
  return 0;
}

int nvrtcCompileProgram(program *made, int, const char *const *) {
  char folder[] = "/tmp/basin-emulated-XXXXXX";
  if (!mkdtemp(folder)) return 1;
  std::string base = folder, text = base + "/text.cpp", library = base + "/library.so", log = base + "/log";
  std::ofstream(text) << "#include \"" DEVICE_HEADER "\"\n#line 1 \"text\"\n" << made->text << "\n" << callers(made->text);
  std::string line = "g++ -std=c++17 -O1 -march=native -ffp-contract=off -fPIC -shared -Wl,-Bsymbolic -w -o '" +
                     library + "' '" + text + "' > '" + log + "' 2>&1";
  int failed = system(line.c_str());
  made->log = content(log);
  if (failed && made->log.empty()) {
    made->log = "error: g++ ended with status " + std::to_string(failed);
  }
  if (!failed) {
    std::string bytes = content(library);
    unsigned long long length = bytes.size();
    made->image = "EMULATED" + std::string((char *)&length, sizeof length) + bytes;
  }
  unlink(text.c_str());
  unlink(library.c_str());
  unlink(log.c_str());
  rmdir(folder);
  return failed ? 6 : 0;
}

int nvrtcGetProgramLogSize(program *made, size_t *size) {
  *size = made->log.size() + 1;
  return 0;
}

int nvrtcGetProgramLog(program *made, char *log) {
  memcpy(log, made->log.c_str(), made->log.size() + 1);
  return 0;
}

int nvrtcGetCUBINSize(program *made, size_t *size) {
  *size = made->image.size();
  return 0;
}

int nvrtcGetCUBIN(program *made, char *image) {
  memcpy(image, made->image.data(), made->image.size());
  return 0;
}

int nvrtcGetPTXSize(program *made, size_t *size) { return nvrtcGetCUBINSize(made, size); }

int nvrtcGetPTX(program *made, char *image) { return nvrtcGetCUBIN(made, image); }

int nvrtcDestroyProgram(program **made) {
  delete *made;
  *made = nullptr;
  return 0;
}
}
