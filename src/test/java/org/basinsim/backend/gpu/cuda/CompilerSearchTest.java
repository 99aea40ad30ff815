package org.basinsim.backend.gpu.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which compiler serves, on file systems made up for the purpose. */
class CompilerSearchTest {
  @TempDir Path root;

  private final Map<String, String> variables = new HashMap<>();

  private Environment environment() {
    return new Environment(variables, root, root.resolve("home"), false);
  }

  /** The files; what the loader knows by name is this machine's own business. */
  private SequencedSet<Path> libraries(Environment environment) {
    return CudaLibraries.nvrtc(environment).candidates().stream()
        .filter(Path::isAbsolute)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private CudaCompiler find(int driver) throws UnusableCompiler {
    return CompilerSearch.find(libraries(environment()), Nvcc.programs(environment()), driver);
  }

  private Path nvrtc(String folder, int major, String... options) {
    Path place = root.resolve(folder);
    String[] all =
        Stream.concat(
                Stream.of(
                    "-DRECORD=\"" + root.resolve("record") + "\"",
                    "-DMAJOR=" + major,
                    "-DMINOR=0",
                    "-DCAPABILITIES=90"),
                Arrays.stream(options))
            .toArray(String[]::new);
    HostCompiler.builtins(place);
    return HostCompiler.library("recorder.c", place.resolve("libnvrtc.so." + major), all);
  }

  private Path nvcc(String folder, int major) throws IOException {
    Path program = Files.createDirectories(root.resolve(folder)).resolve("nvcc");
    Files.writeString(
        program,
        """
        #!/bin/sh
        case $1 in
        --version) echo 'Cuda compilation tools, release %d.2, V%d.2.99' ;;
        *) echo sm_90 ;;
        esac
        """
            .formatted(major, major));
    program.toFile().setExecutable(true);
    return program;
  }

  private void assertFound(Path compiler, int driver) throws UnusableCompiler {
    assertEquals(compiler.toString(), find(driver).identity().split(" ")[2]);
  }

  private String refusal(int driver) {
    return assertThrows(UnusableCompiler.class, () -> find(driver)).getMessage();
  }

  /** Each place in turn is the best there is, when those before it are gone. */
  @Test
  void placesAreSearchedInOrder() throws IOException, UnusableCompiler {
    variables.put("CUDA_PATH", root.resolve("path").toString());
    variables.put("CUDA_HOME", root.resolve("homes").toString());
    variables.put("LD_LIBRARY_PATH", root.resolve("loader").toString());
    variables.put("CONDA_PREFIX", root.resolve("conda").toString());
    variables.put("VIRTUAL_ENV", root.resolve("venv").toString());
    variables.put("PYTHONPATH", root.resolve("packages").toString());
    variables.put("PATH", root.resolve("pyenv/bin") + File.pathSeparator + root.resolve("sbin"));
    List<Path> inOrder =
        List.of(
            nvrtc("path/lib64", 12),
            nvrtc("homes/targets/x86_64-linux/lib", 12),
            nvrtc("usr/local/cuda-13.1/lib64", 13),
            nvrtc("usr/local/cuda-12.10/lib", 12),
            nvrtc("usr/local/cuda-12.9/lib64", 12),
            nvrtc("usr/local/cuda/lib64", 12),
            nvrtc("opt/cuda/lib64", 12),
            nvrtc("usr/lib/x86_64-linux-gnu", 12),
            nvrtc("loader", 12),
            nvrtc("conda/lib", 12),
            nvrtc("packages/nvidia/cu13/lib", 13),
            nvrtc("packages/nvidia/cuda_nvrtc/lib", 12),
            nvrtc("venv/lib/python3.12/site-packages/nvidia/cu13/lib", 13),
            nvrtc("pyenv/lib/python3.9/site-packages/nvidia/cuda_nvrtc/lib", 12),
            nvrtc("home/.local/lib/python3.11/site-packages/nvidia/cuda_nvrtc/lib", 12),
            nvrtc("usr/local/lib/python3.10/dist-packages/nvidia/cuda_nvrtc/lib", 12),
            nvrtc("usr/lib/python3/dist-packages/nvidia/cuda_nvrtc/lib", 12));
    assertEquals(inOrder, List.copyOf(libraries(environment())));
    for (Path library : inOrder) {
      assertFound(library, 13);
      Files.delete(library);
    }
    assertFound(nvcc("sbin", 13), 13);
  }

  @Test
  void inAFolderTheNewestComesFirstAndEachOnce() throws IOException, UnusableCompiler {
    variables.put("CUDA_PATH", root.toString());
    Path older = nvrtc("lib64", 12);
    Path newer = nvrtc("lib64", 13);
    Files.createSymbolicLink(root.resolve("lib64/libnvrtc.so"), newer);
    Files.createSymbolicLink(root.resolve("lib64/libnvrtc.so.99"), root.resolve("nowhere"));
    Files.createSymbolicLink(root.resolve("lib64/libnvrtc.alt.so.13"), older);
    assertEquals(List.of(newer, older), List.copyOf(libraries(environment())));
    assertFound(newer, 13);
    assertFound(older, 12);
  }

  @Test
  void whatIsBrokenIsPassedOver() throws IOException, UnusableCompiler {
    variables.put("CUDA_PATH", root.toString());
    variables.put("CUDA_HOME", root.resolve("more").toString());
    Path half = nvrtc("lib64", 13);
    Files.write(half, Arrays.copyOf(Files.readAllBytes(half), 5000));
    Path lacking = nvrtc("lib", 12, "-DWITHOUT_CUBIN");
    Path broken = nvrtc("more/lib64", 13, "-DBROKEN");
    Path program = nvcc("bin", 13);
    Files.writeString(program, "#!/bin/sh\nexit 1\n");
    String before = refusal(13);
    String remedy =
        "; install libnvrtc of CUDA 13 (CUDA toolkit, or pip install nvidia-cuda-nvrtc) or put"
            + " nvcc on PATH";
    assertEquals(
        "no CUDA compiler; not in CUDA_PATH, the usual folders, the loader's path, Python's packages ("
            + half
            + ": libnvrtc.so.13 is not a whole library; "
            + lacking
            + ": lacks nvrtcGetCUBINSize; "
            + broken
            + ": nvrtcVersion: NVRTC_ERROR_INTERNAL_ERROR; "
            + program
            + ": does not run)"
            + remedy,
        before);
    assertFound(nvcc("usr/local/cuda/bin", 13), 13);
    assertFound(nvrtc("home/.local/lib/python3.13/site-packages/nvidia/cu13/lib", 13), 13);
  }

  /** A driver does not load what the compiler of a later CUDA has made. */
  @Test
  void whatIsNewerThanTheDriverIsPassedOver() throws IOException, UnusableCompiler {
    variables.put("CUDA_PATH", root.toString());
    variables.put("PATH", root.resolve("bin").toString());
    Path library = nvrtc("lib64", 13);
    Path program = nvcc("bin", 13);
    assertEquals(
        "no CUDA compiler; not in CUDA_PATH, the usual folders, the loader's path, Python's packages ("
            + library
            + ": NVRTC 13.0 is newer than the driver, which serves CUDA 12; "
            + program
            + ": nvcc 13.2.99 is newer than the driver, which serves CUDA 12); install libnvrtc of"
            + " CUDA 12 (CUDA toolkit, or pip install nvidia-cuda-nvrtc) or put nvcc on PATH",
        refusal(12));
    assertFound(library, 14);
    Files.delete(library);
    assertFound(program, 13);
    assertInstanceOf(Nvcc.class, find(13));
  }

  @Test
  void theLoaderIsAskedByNameToo() {
    List<Path> names = List.of(Path.of("libnvrtc.so.13"), Path.of("libnvrtc.so.12"));
    assertTrue(CudaLibraries.nvrtc(environment()).candidates().containsAll(names));
  }

  @Test
  void whereThereIsNoneTheRemedyIsNamed() {
    assertEquals(
        "no CUDA compiler; not in CUDA_PATH, the usual folders, the loader's path, Python's packages;"
            + " install libnvrtc of CUDA 13 (CUDA toolkit, or pip install nvidia-cuda-nvrtc) or"
            + " put nvcc on PATH",
        refusal(13));
  }

  @Test
  void windowsHasPlacesOfItsOwn() throws IOException {
    List<String> files =
        List.of(
            "named/bin/nvrtc64_120_0.dll",
            "Program Files/NVIDIA GPU Computing Toolkit/CUDA/v13.0/bin/x64/nvrtc64_130_0.dll",
            "Program Files/NVIDIA GPU Computing Toolkit/CUDA/v12.9/bin/nvrtc64_120_0.dll",
            "python/Lib/site-packages/nvidia/cu13/bin/x86_64/nvrtc64_130_0.dll",
            "python/Lib/site-packages/nvidia/cuda_nvrtc/bin/nvrtc64_120_0.dll");
    for (String file : files) {
      Files.createDirectories(root.resolve(file).getParent());
      Files.writeString(root.resolve(file), "");
    }
    Files.writeString(root.resolve("named/bin/nvrtc64_120_0.alt.dll"), "");
    variables.put("CUDA_PATH", root.resolve("named").toString());
    variables.put("PATH", root.resolve("python").toString());
    Environment windows = new Environment(variables, root, root.resolve("home"), true);
    assertEquals(files.stream().map(root::resolve).toList(), List.copyOf(libraries(windows)));
  }
}
