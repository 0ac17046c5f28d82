import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/// Lays out the class path of the image: `app` for Mekiki's own jars, `lib` for all others,
/// `native` for the native libraries that those carry for every platform there is. In the image
/// only the ones for Linux on x86-64 are left, unpacked, where `java.library.path` and DJL look for
/// them: nothing is unpacked when a container starts, and the image is a third smaller.
///
/// Run by docker/build: `java -cp 'LIB/*' Assemble.java LIB CONTEXT`. The class path is there for
/// DJL, which unpacks PyTorch.
final class Assemble {
  private static final Pattern NATIVE =
      Pattern.compile(".*\\.(so|dll|dylib|jnilib|a)(\\.\\d+)*(\\.gz)?");
  private static final Pattern OURS =
      Pattern.compile(".*(linux-?|linux/)(x86[-_]64|amd64|64).*|.*linux[-_]x86_64.*");
  private static final Pattern OTHERS =
      Pattern.compile(".*(aarch|arm|ppc|s390|riscv|loong|mips|sparc|musl|android|\\.a$).*");
  private static final String JNI = "libdjl_torch.so";

  private final Path lib;
  private final Path context;

  private Assemble(Path lib, Path context) {
    this.lib = lib;
    this.context = context;
  }

  public static void main(String[] arguments) throws Exception {
    new Assemble(Path.of(arguments[0]), Path.of(arguments[1])).run();
    // DJL's threads would keep the process.
    System.exit(0);
  }

  private void run() throws Exception {
    for (String directory : List.of("app", "lib", "native")) {
      Files.createDirectories(context.resolve(directory));
    }
    List<Path> jars;
    try (Stream<Path> files = Files.list(lib)) {
      jars = files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
    }
    for (Path jar : jars) {
      boolean own = jar.getFileName().toString().startsWith("mekiki-");
      copy(jar, context.resolve(own ? "app" : "lib").resolve(jar.getFileName()));
    }
    unpackPyTorch();
  }

  private void copy(Path jar, Path to) throws IOException {
    String name = jar.getFileName().toString();
    try (ZipFile from = new ZipFile(jar.toFile())) {
      List<ZipEntry> natives = new ArrayList<>();
      from.stream()
          .filter(entry -> NATIVE.matcher(entry.getName()).matches())
          .forEach(natives::add);
      // JLine unpacks its own, for terminals alone, and no setting changes that. FFmpeg's loader
      // wants
      // them in its jar; it unpacks them once, below HOME, when the first AVIF or HEIC comes.
      if (natives.isEmpty()
          || name.startsWith("jline-")
          || name.startsWith("ffmpeg-")
          || name.startsWith("javacpp-")) {
        Files.copy(jar, to);
        return;
      }
      boolean djl = name.startsWith("pytorch-");
      for (ZipEntry entry : natives) {
        String place = (name + "!" + entry.getName()).toLowerCase(Locale.ROOT);
        if (!djl && OURS.matcher(place).matches() && !OTHERS.matcher(place).matches()) {
          unpack(from, entry);
        }
      }
      strip(from, to);
    }
  }

  private void unpack(ZipFile from, ZipEntry entry) throws IOException {
    Path file = context.resolve("native").resolve(Path.of(entry.getName()).getFileName());
    if (Files.exists(file)) {
      throw new IllegalStateException("two libraries are named " + file.getFileName());
    }
    try (InputStream in = from.getInputStream(entry)) {
      Files.copy(in, file);
    }
  }

  private static void strip(ZipFile from, Path to) throws IOException {
    try (OutputStream file = Files.newOutputStream(to);
        ZipOutputStream out = new ZipOutputStream(file)) {
      Enumeration<? extends ZipEntry> entries = from.entries();
      while (entries.hasMoreElements()) {
        ZipEntry entry = entries.nextElement();
        if (!NATIVE.matcher(entry.getName()).matches()) {
          ZipEntry kept = new ZipEntry(entry.getName());
          kept.setTime(entry.getTime());
          out.putNextEntry(kept);
          try (InputStream in = from.getInputStream(entry)) {
            in.transferTo(out);
          }
          out.closeEntry();
        }
      }
    }
  }

  /// DJL's own cache of PyTorch, as it would make it at the first start. Beside it goes the JNI
  /// library for CUDA, which Dockerfile.gpu needs: 4 MB.
  private void unpackPyTorch() throws Exception {
    System.setProperty("ENGINE_CACHE_DIR", context.resolve("native").toAbsolutePath().toString());
    System.setProperty("ai.djl.offline", "true");
    Class.forName("ai.djl.engine.Engine")
        .getMethod("getEngine", String.class)
        .invoke(null, "PyTorch");

    Path pytorch = context.resolve("native").resolve("pytorch");
    Path cpu;
    try (Stream<Path> files = Files.walk(pytorch)) {
      cpu = files.filter(file -> file.toString().endsWith(JNI)).findFirst().orElseThrow();
    }
    // Without the date that the CPU's own build carries: so does Dockerfile.gpu name it.
    String version = cpu.getParent().getFileName().toString().replaceFirst("-.*", "");
    Path cuda = pytorch.resolve(version + "-cu128-linux-x86_64").resolve(cpu.getFileName());
    Files.createDirectories(cuda.getParent());
    try (InputStream in =
        Assemble.class.getClassLoader().getResourceAsStream("jnilib/linux-x86_64/cu128/" + JNI)) {
      if (in == null) {
        throw new UncheckedIOException(
            new IOException("no JNI library for cu128 on the class path"));
      }
      Files.copy(in, cuda);
    }
  }
}
