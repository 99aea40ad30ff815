package org.basinsim;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Comparator.comparing;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The import rule, held on the compiled classes, and the conventions that no compiler knows. */
class ArchitectureTest {
  private static final String ROOT = "org.basinsim";
  private static final Path SOURCES = Path.of("src/main/java");

  /**
   * What each package may import of the project, beside itself; {@code cli} may import everything.
   * A package without a row belongs to the one above it.
   */
  private static final Map<String, Set<String>> MAY_IMPORT =
      Map.ofEntries(
          Map.entry("random", Set.of()),
          Map.entry("model", Set.of()),
          Map.entry("start", Set.of("model", "random")),
          Map.entry("data", Set.of("model", "random")),
          Map.entry("backend", Set.of("model", "data")),
          Map.entry("backend.reference", Set.of("backend", "model", "data", "random", "start")),
          Map.entry("backend.cpu", Set.of("backend", "model", "data", "random", "start")),
          Map.entry("backend.gpu", Set.of("backend", "model", "data", "random", "start")),
          Map.entry("backend.gpu.cuda", Set.of("backend", "backend.gpu")),
          Map.entry("backend.gpu.opencl", Set.of("backend", "backend.gpu")),
          Map.entry("study", Set.of("model", "data")),
          Map.entry("statistics", Set.of("model")),
          Map.entry("results", Set.of("model")),
          Map.entry("campaign", Set.of("backend", "study", "results", "statistics", "model")),
          Map.entry("report", Set.of("results", "statistics", "model")),
          Map.entry("quadrature", Set.of("backend", "model", "random", "statistics")),
          Map.entry("verification", Set.of("backend", "model", "random", "statistics")),
          Map.entry("benchmark", Set.of("backend", "model", "random", "statistics")));

  /** Packages that must exist: a rule about an empty package holds nothing. */
  private static final Set<String> REQUIRED =
      Set.of(
          "backend",
          "backend.cpu",
          "backend.gpu",
          "backend.gpu.cuda",
          "backend.gpu.opencl",
          "backend.reference",
          "benchmark",
          "campaign",
          "cli",
          "data",
          "model",
          "quadrature",
          "random",
          "report",
          "results",
          "start",
          "statistics",
          "study",
          "verification");

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(ROOT);

  static Stream<String> packages() {
    return MAY_IMPORT.keySet().stream().sorted();
  }

  @ParameterizedTest
  @MethodSource("packages")
  void importsOnlyWhatTheRuleAllows(String name) {
    Set<String> allowed = new TreeSet<>(MAY_IMPORT.get(name));
    allowed.add(name);
    noClasses()
        .that(belongTo(Set.of(name)))
        .should()
        .dependOnClassesThat(resideInAPackage(ROOT + "..").and(not(belongTo(allowed))))
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  @Test
  void mainImportsTheCommandLineAlone() {
    noClasses()
        .that(belongTo(Set.of("")))
        .should()
        .dependOnClassesThat(resideInAPackage(ROOT + "..").and(not(belongTo(Set.of("", "cli")))))
        .check(CLASSES);
  }

  @Test
  void noPackageImportsItselfThroughOthers() {
    slices()
        .matching(ROOT + ".(**)")
        .should()
        .beFreeOfCycles()
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  @ParameterizedTest
  @CsvSource({
    "io.jhdf.., results data",
    "jdk.incubator.., backend.cpu",
    "jcuda.., backend.gpu.cuda",
    "org.jocl.., backend.gpu.opencl",
    "org.ejml.., model",
    "org.tomlj.., study",
    "picocli.., cli",
  })
  void libraryStaysInItsPackages(String library, String owners) {
    noClasses()
        .that(not(belongTo(Set.of(owners.split(" ")))))
        // Main hands the arguments to picocli.
        .and()
        .doNotBelongToAnyOf(Main.class)
        .should()
        .dependOnClassesThat(resideInAPackage(library))
        .check(CLASSES);
  }

  @Test
  void onlyTheCommandLinePrints() {
    noClasses()
        .that(not(belongTo(Set.of("", "cli"))))
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  @Test
  void namesSayWhatAThingIs() {
    Set<String> vague = new TreeSet<>();
    for (JavaClass type : CLASSES) {
      if (type.getSimpleName().matches(".*(Manager|Util|Utils|Helper|Impl)")) {
        vague.add(type.getName());
      }
    }
    assertEquals(Set.of(), vague);
  }

  @Test
  void everyPackageHasItsPlaceInTheRule() throws IOException {
    Set<String> present = packagesOnDisk();
    Set<String> homeless = new TreeSet<>(present);
    homeless.removeIf(name -> name.isEmpty() || !owner(qualified(name)).isEmpty());
    assertEquals(Set.of(), homeless);
    assertTrue(present.containsAll(REQUIRED), () -> REQUIRED + " are not all among " + present);
  }

  @Test
  void everyPackageSaysWhyItExists() throws IOException {
    Set<String> silent = new TreeSet<>();
    for (String name : packagesOnDisk()) {
      Path info = SOURCES.resolve(qualified(name).replace('.', '/'), "package-info.java");
      if (!Files.isRegularFile(info) || !Files.readString(info).contains("/**")) {
        silent.add(qualified(name));
      }
    }
    assertEquals(Set.of(), silent);
  }

  private static DescribedPredicate<JavaClass> belongTo(Set<String> owners) {
    return describe("belong to " + owners, type -> owners.contains(owner(type.getPackageName())));
  }

  /**
   * The row of a package: the longest name in the rule that it starts with; "" where there is none.
   */
  private static String owner(String packageName) {
    return Stream.concat(MAY_IMPORT.keySet().stream(), Stream.of("cli"))
        .filter(name -> (packageName + ".").startsWith(qualified(name) + "."))
        .max(comparing(String::length))
        .orElse("");
  }

  private static String qualified(String name) {
    return name.isEmpty() ? ROOT : ROOT + "." + name;
  }

  /** The packages that hold Java sources, relative to the root; the root itself is "". */
  private static Set<String> packagesOnDisk() throws IOException {
    Path root = SOURCES.resolve(ROOT.replace('.', '/'));
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .map(file -> root.relativize(file.getParent()).toString().replace('/', '.'))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }
}
