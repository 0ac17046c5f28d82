package dev.mekiki.encoding.decode.process;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mekiki.encoding.TestImages;
import dev.mekiki.encoding.decode.BadImageException;
import dev.mekiki.encoding.decode.BadImageException.Reason;
import dev.mekiki.encoding.decode.DecodeLimits;
import dev.mekiki.encoding.decode.DecodedImage;
import dev.mekiki.encoding.decode.ImageDecoder;
import dev.mekiki.encoding.decode.PictureDecoder;
import java.awt.image.BufferedImage;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class DecodingProcessesTest {
  private static final DecodeLimits LIMITS = new DecodeLimits(8 << 20, 20_000_000);

  @TempDir Path directory;

  private final DecodingProcesses processes = tricky(2, Duration.ofSeconds(30));
  private final ExecutorService executor = Executors.newCachedThreadPool();

  private static DecodingProcesses tricky(int count, Duration limit) {
    return new DecodingProcesses(
        new DecodingProcesses.Settings(LIMITS, count, limit, 128 << 20), TrickDecoder.class);
  }

  @AfterEach
  void endAll() {
    executor.shutdownNow();
    processes.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"jpg", "png", "gif", "bmp", "tiff"})
  void picturesAreThoseOfThisProcess(String format) throws Exception {
    for (int side : new int[] {1, 60, 1500}) {
      BufferedImage scene = TestImages.scene(side, side, Math.max(1, side * 2 / 3));
      byte[] file =
          format.equals("jpg") ? TestImages.jpeg(scene, 0.9f) : TestImages.file(scene, format);

      assertSamePicture(processes, file);
    }
  }

  @Test
  void startedAsServicesDoItDecodes() throws Exception {
    try (DecodingProcesses usual =
        DecodingProcesses.start(
            new DecodingProcesses.Settings(LIMITS, 1, Duration.ofSeconds(30), 128 << 20))) {
      assertThat(usual.idle()).hasSize(1);
      assertSamePicture(usual, picture());
    }
  }

  @Test
  void partOfAJpegIsMarkedAsSuch() throws Exception {
    byte[] file = TestImages.jpeg(TestImages.scene(7, 400, 300), 0.9f);
    byte[] cut = Arrays.copyOf(file, file.length * 3 / 4);
    DecodeLimits partial = new DecodeLimits(1 << 20, 1 << 20, true);
    try (DecodingProcesses lenient =
            DecodingProcesses.start(
                new DecodingProcesses.Settings(partial, 1, Duration.ofSeconds(30), 128 << 20));
        DecodedImage part = lenient.decode(cut);
        DecodedImage whole = lenient.decode(file);
        DecodedImage expected = new ImageDecoder(partial).decode(cut)) {
      assertThat(part.partial()).isTrue();
      assertThat(whole.partial()).isFalse();
      assertThat(bytes(part)).isEqualTo(bytes(expected));
    }
  }

  private static void assertSamePicture(PictureDecoder decoder, byte[] file) throws Exception {
    try (DecodedImage expected = new ImageDecoder(LIMITS).decode(file);
        DecodedImage image = decoder.decode(file)) {
      assertThat(image.format()).isEqualTo(expected.format());
      assertThat(List.of(image.width(), image.height()))
          .isEqualTo(List.of(expected.width(), expected.height()));
      assertThat(bytes(image)).isEqualTo(bytes(expected));
      assertThat(image.luminance()).isEqualTo(expected.luminance());
    }
  }

  private static byte[] bytes(DecodedImage image) {
    byte[] bytes = new byte[3 * image.bgr().rows() * image.bgr().cols()];
    image.bgr().get(0, 0, bytes);
    return bytes;
  }

  @Test
  void badFilesAreRefusedWithTheSameWords() throws Exception {
    ImageDecoder here = new ImageDecoder(LIMITS);
    List<byte[]> bad =
        List.of(
            new byte[0],
            new byte[LIMITS.maxBytes() + 1],
            new byte[] {1, 2, 3},
            Arrays.copyOf(picture(), 500),
            TestImages.file(new BufferedImage(5000, 4001, BufferedImage.TYPE_BYTE_GRAY), "png"));
    for (byte[] file : bad) {
      BadImageException expected = refusal(here, file);
      BadImageException refusal = refusal(processes, file);
      assertThat(refusal.reason()).isEqualTo(expected.reason());
      assertThat(refusal).hasMessage(expected.getMessage());
    }
  }

  private static BadImageException refusal(PictureDecoder decoder, byte[] file) {
    try (DecodedImage image = decoder.decode(file)) {
      throw new AssertionError("decoded: " + image.format());
    } catch (BadImageException e) {
      return e;
    }
  }

  @Test
  void pictureThatTakesTooLongIsEndedAndCostsItselfAlone() throws Exception {
    try (DecodingProcesses impatient = tricky(1, Duration.ofMillis(1500))) {
      assertSamePicture(impatient, picture());
      Path pidFile = directory.resolve("pid");
      long start = System.nanoTime();

      BadImageException refusal = refusal(impatient, TrickDecoder.hang(pidFile));

      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .isBetween(Duration.ofMillis(1500), Duration.ofSeconds(20));
      assertThat(refusal.reason()).isEqualTo(Reason.DECODING_TIMED_OUT);
      assertThat(refusal).hasMessageContaining("1500 ms").hasMessageContaining("decode-limit");
      assertEnds(pid(pidFile));
      assertSamePicture(impatient, picture());
      assertThat(impatient.timedOut()).isEqualTo(1);
      assertThat(impatient.crashed()).isEqualTo(0);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"crash", "halt", "nonsense"})
  void pictureThatEndsItsProcessCostsItselfAlone(String trick) throws Exception {
    BadImageException refusal = refusal(processes, TrickDecoder.trick(trick));

    assertThat(refusal.reason()).isEqualTo(Reason.DECODER_CRASHED);
    assertSamePicture(processes, picture());
    assertThat(processes.crashed()).isEqualTo(1);
  }

  @Test
  void killedProcessIsTakenForALackOfMemoryAndReplaced() throws Exception {
    Path pidFile = directory.resolve("pid");
    Future<BadImageException> hanging =
        executor.submit(() -> refusal(processes, TrickDecoder.hang(pidFile)));
    ProcessHandle.of(pid(pidFile)).orElseThrow().destroyForcibly();

    assertThatThrownBy(hanging::get).hasCauseInstanceOf(OutOfMemoryError.class);
    assertSamePicture(processes, picture());
  }

  @Test
  void processThatDiedWhileIdleCostsNothing() throws Exception {
    assertSamePicture(processes, picture());
    ProcessHandle idle = ProcessHandle.of(processes.idle().getFirst()).orElseThrow();
    idle.destroyForcibly();
    idle.onExit().get(20, TimeUnit.SECONDS);

    assertSamePicture(processes, picture());
  }

  @Test
  void lackOfMemoryAndDefectsAreToldFromBadFiles() {
    assertThatThrownBy(() -> processes.decode(TrickDecoder.trick("memory")))
        .isInstanceOf(OutOfMemoryError.class)
        .hasMessage("a trick");
    assertThatThrownBy(() -> processes.decode(TrickDecoder.trick("defect")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("a trick");
    // Neither ends the process.
    assertThat(processes.idle()).hasSize(1);
  }

  @Test
  void signalsOfATerminalDoNotEndIt() throws Exception {
    assertSamePicture(processes, picture());
    long pid = processes.idle().getFirst();
    for (String signal : List.of("INT", "TERM", "HUP")) {
      new ProcessBuilder("kill", "-" + signal, Long.toString(pid)).start().waitFor();
    }
    for (int i = 0; i < 20; i++) {
      assertSamePicture(processes, picture());
    }
    assertThat(processes.idle()).containsExactly(pid);
  }

  @Test
  void moreCallersThanProcessesAreAllServed() throws Exception {
    List<Callable<Void>> calls = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      byte[] file = TestImages.jpeg(TestImages.scene(i, 90, 60), 0.9f);
      calls.add(() -> {
        assertSamePicture(processes, file);
        return null;
      });
    }
    for (Future<Void> call : executor.invokeAll(calls)) {
      call.get();
    }
    assertThat(processes.idle()).hasSizeBetween(1, 2);
  }

  @Test
  void decoderSeesNoSecretsOfTheEnvironment() {
    String names =
        requireNonNull(refusal(processes, TrickDecoder.trick("environment")).getMessage());

    assertThat(names.substring(1, names.length() - 1).split(", "))
        .contains("PATH")
        .isSubsetOf(
            "PATH",
            "HOME",
            "TMPDIR",
            "LANG",
            "LC_ALL",
            "TZ",
            "LD_LIBRARY_PATH",
            "MALLOC_ARENA_MAX");
  }

  @Test
  void closedItsProcessesEndAndNothingIsDecoded() throws Exception {
    assertSamePicture(processes, picture());
    long pid = processes.idle().getFirst();
    processes.close();

    assertEnds(pid);
    assertThatThrownBy(() -> processes.decode(picture())).isInstanceOf(CancellationException.class);
  }

  @Test
  void processesEndWithTheirParentEvenWhereItIsKilled() throws Exception {
    Path pidFile = directory.resolve("pid");
    Process parent =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                DoomedParent.class.getName(),
                pidFile.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader output = parent.inputReader()) {
      long idle = Long.parseLong(output.readLine());
      long hanging = pid(pidFile);
      assertThat(ProcessHandle.of(idle)).isPresent();
      assertThat(ProcessHandle.of(hanging)).isPresent();

      parent.destroyForcibly();

      assertEnds(idle);
      assertEnds(hanging);
    } finally {
      parent.destroyForcibly();
    }
  }

  private static byte[] picture() throws IOException {
    return TestImages.jpeg(TestImages.scene(7, 120, 80), 0.9f);
  }

  private static long pid(Path file) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!Files.exists(file)) {
      assertThat(System.nanoTime()).isLessThan(end);
      Thread.sleep(10);
    }
    return Long.parseLong(Files.readString(file));
  }

  private static void assertEnds(long pid) throws Exception {
    Optional<ProcessHandle> process = ProcessHandle.of(pid);
    if (process.isPresent()) {
      process.get().onExit().get(20, TimeUnit.SECONDS);
    }
  }
}
