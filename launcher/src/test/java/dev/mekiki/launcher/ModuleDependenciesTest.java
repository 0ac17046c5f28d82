package dev.mekiki.launcher;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/// Holds the code and the poms to the table of modules in docs/design.md: dependencies point one
/// way, and services meet only through topics and gRPC.
class ModuleDependenciesTest {
  private static final String ROOT = "dev.mekiki.";

  private static final JavaClasses CLASSES = read("dev.mekiki");

  private static JavaClasses read(String root) {
    // The rules need the names of foreign classes alone; reading those too would take long.
    ArchConfiguration.get().setResolveMissingDependenciesFromClassPath(false);
    return new ClassFileImporter()
        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
        .importPackages(root);
  }

  /// The table. A module may use itself and those it names.
  enum Module {
    FILES("files", "files"),
    SCHEMAS("schemas", "schemas"),
    HASHING("hashing", "hashing"),
    CENTERS("centers", "centers", HASHING),
    ENCODING("encoding", "encoding", HASHING),
    TRAINING("training", "training", HASHING, CENTERS, ENCODING),
    SAMPLES("samples", "samples", ENCODING),
    RUNTIME("runtime", "runtime", SCHEMAS, HASHING),
    BROKER("broker", "broker", FILES),
    ENCODER_SERVICE("encoder-service", "encoder", SCHEMAS, RUNTIME, HASHING, ENCODING),
    INDEX_SERVICE("index-service", "index", FILES, SCHEMAS, RUNTIME, HASHING),
    QUERY_SERVICE("query-service", "query", SCHEMAS, RUNTIME, HASHING),
    CLIENT("client", "client", SCHEMAS),
    CONNECT("connect", "connect"),
    BENCHMARKS(
        "benchmarks",
        "benchmarks",
        FILES,
        SCHEMAS,
        HASHING,
        CENTERS,
        ENCODING,
        TRAINING,
        SAMPLES,
        RUNTIME,
        BROKER,
        ENCODER_SERVICE,
        INDEX_SERVICE,
        QUERY_SERVICE),
    LAUNCHER(
        "launcher",
        "launcher",
        FILES,
        SCHEMAS,
        HASHING,
        CENTERS,
        ENCODING,
        TRAINING,
        SAMPLES,
        RUNTIME,
        BROKER,
        ENCODER_SERVICE,
        INDEX_SERVICE,
        QUERY_SERVICE,
        CLIENT,
        BENCHMARKS),
    RELIABILITY(
        "reliability",
        "reliability",
        FILES,
        SCHEMAS,
        HASHING,
        TRAINING,
        SAMPLES,
        RUNTIME,
        CLIENT,
        LAUNCHER);

    final String folder;
    final String rootPackage;

    @SuppressWarnings("ImmutableEnumChecker") // Set.of makes no other
    final Set<Module> mayUse;

    Module(String folder, String rootPackage, Module... mayUse) {
      this.folder = folder;
      this.rootPackage = ROOT + rootPackage;
      this.mayUse = Set.of(mayUse);
    }

    static Module of(JavaClass type) {
      return Arrays.stream(values())
          .filter(module ->
              type.getPackageName().equals(module.rootPackage)
                  || type.getPackageName().startsWith(module.rootPackage + "."))
          .findFirst()
          .orElseThrow(() -> new AssertionError(type.getName() + " lies in no module's package"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void codeUsesOnlyTheModulesOfTheTable(Module module) {
    Set<String> wrong =
        CLASSES.stream()
            .filter(type -> Module.of(type) == module)
            .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
            .filter(dependency -> dependency.getTargetClass().getName().startsWith(ROOT))
            .filter(dependency -> {
              Module target = Module.of(dependency.getTargetClass().getBaseComponentType());
              return target != module && !module.mayUse.contains(target);
            })
            .map(Dependency::getDescription)
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(wrong).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void pomNamesOnlyTheModulesOfTheTable(Module module) throws Exception {
    Set<String> allowed =
        module.mayUse.stream()
            .map(used -> "mekiki-" + used.folder)
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(allowed).containsAll(dependenciesOf(module));
  }

  /// The project's modules in a module's pom, those of its tests left out.
  private static List<String> dependenciesOf(Module module) throws Exception {
    Path pom = Path.of(System.getProperty("mekiki.root", ".."), module.folder, "pom.xml");
    NodeList dependencies =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(pom.toFile())
            .getElementsByTagName("dependency");
    return Stream.iterate(0, i -> i < dependencies.getLength(), i -> i + 1)
        .map(i -> (Element) dependencies.item(i))
        .filter(dependency -> text(dependency, "groupId").equals("dev.mekiki"))
        .filter(dependency -> !text(dependency, "scope").equals("test"))
        .map(dependency -> text(dependency, "artifactId"))
        .toList();
  }

  private static String text(Element dependency, String name) {
    NodeList elements = dependency.getElementsByTagName(name);
    return elements.getLength() == 0 ? "" : elements.item(0).getTextContent().strip();
  }

  @Test
  void hashingNeedsTheJdkAlone() {
    classes()
        .that()
        .resideInAPackage("dev.mekiki.hashing..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("dev.mekiki.hashing..", "java..", "jdk.incubator..", "org.jspecify..")
        .check(CLASSES);
  }

  /// Of every module, packages inside packages included.
  @Test
  void packagesDependOnEachOtherOneWay() {
    slices().matching("dev.mekiki.(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void everyPackageIsNullMarkedAndTellsItsPurpose() {
    Set<String> unmarked =
        CLASSES.stream()
            .map(JavaClass::getPackage)
            // Generated by protoc and by JMH.
            .filter(javaPackage -> !javaPackage.getName().equals("dev.mekiki.schemas.v1"))
            .filter(javaPackage -> !javaPackage.getName().endsWith(".jmh_generated"))
            .filter(javaPackage -> !javaPackage.isAnnotatedWith(NullMarked.class))
            .map(JavaPackage::getName)
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(unmarked).isEmpty();
  }

  @Test
  void everyModuleOfTheBuildIsInTheTable() throws IOException {
    String pom = Files.readString(Path.of(System.getProperty("mekiki.root", ".."), "pom.xml"));
    Set<String> modules = new TreeSet<>();
    for (String line : pom.lines().toList()) {
      if (line.strip().startsWith("<module>")) {
        modules.add(line.strip().replaceAll("</?module>", ""));
      }
    }
    Set<String> table =
        Arrays.stream(Module.values())
            .map(module -> module.folder)
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(modules).isEqualTo(table);
  }
}
