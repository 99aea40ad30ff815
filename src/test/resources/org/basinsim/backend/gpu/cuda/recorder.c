/* An NVRTC that compiles nothing and writes down how it is called, in the file RECORD. A text with the word "wrong" is
   refused. MAJOR, MINOR and CAPABILITIES are what it says of itself; WITHOUT_CUBIN leaves a function out; BROKEN makes
   nvrtcVersion fail. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const int capabilities[] = {CAPABILITIES};

struct program {
  int mark;
  char *text, *log;
};

static void record(const char *format, const char *word) {
  FILE *file = fopen(RECORD, "a");
  fprintf(file, format, word);
  fclose(file);
}

int nvrtcVersion(int *major, int *minor) {
#ifdef BROKEN
  return 11;
#endif
  *major = MAJOR;
  *minor = MINOR;
  return 0;
}

int nvrtcGetNumSupportedArchs(int *count) {
  *count = sizeof capabilities / sizeof *capabilities;
  return 0;
}

int nvrtcGetSupportedArchs(int *known) {
  memcpy(known, capabilities, sizeof capabilities);
  return 0;
}

const char *nvrtcGetErrorString(int code) {
  return code == 6 ? "NVRTC_ERROR_COMPILATION" : code == 11 ? "NVRTC_ERROR_INTERNAL_ERROR" : "NVRTC_ERROR_OTHER";
}

int nvrtcCreateProgram(struct program **out, const char *text, const char *name, int headers,
                       const char *const *contents, const char *const *names) {
  *out = calloc(1, sizeof **out);
  (*out)->mark = 4711;
  (*out)->text = strdup(text);
  record("create %s\n", name);
  record("text %s\n", text);
  record("headers %s\n", headers || contents || names ? "some" : "none");
  return 0;
}

int nvrtcCompileProgram(struct program *made, int count, const char *const *options) {
  if (made->mark != 4711) return 4;
  for (int i = 0; i < count; i++) record("option %s\n", options[i]);
  made->log = strdup(strstr(made->text, "wrong") ? "a warning\ntext.cu(1): error: it is wrong\n1 error" : "");
  return *made->log ? 6 : 0;
}

int nvrtcGetProgramLogSize(struct program *made, size_t *size) {
  if (made->mark != 4711) return 4;
  *size = strlen(made->log) + 1;
  return 0;
}

int nvrtcGetProgramLog(struct program *made, char *log) {
  if (made->mark != 4711) return 4;
  strcpy(log, made->log);
  return 0;
}

int nvrtcGetPTXSize(struct program *made, size_t *size) {
  if (made->mark != 4711) return 4;
  *size = sizeof "ptx";
  return 0;
}

int nvrtcGetPTX(struct program *made, char *ptx) {
  if (made->mark != 4711) return 4;
  strcpy(ptx, "ptx");
  return 0;
}

#ifndef WITHOUT_CUBIN
int nvrtcGetCUBINSize(struct program *made, size_t *size) {
  if (made->mark != 4711) return 4;
  *size = 5;
  return 0;
}

int nvrtcGetCUBIN(struct program *made, char *cubin) {
  if (made->mark != 4711) return 4;
  memcpy(cubin, "cu\0in", 5);
  return 0;
}
#endif

int nvrtcDestroyProgram(struct program **made) {
  if ((*made)->mark != 4711) return 4;
  record("destroy%s\n", "");
  free(*made);
  *made = NULL;
  return 0;
}
