package dev.mekiki.launcher.command.centers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mekiki.encoding.bundle.Bundle;
import dev.mekiki.hashing.center.CenterTable;
import dev.mekiki.launcher.command.BrokenPicture;
import dev.mekiki.launcher.command.Execution;
import dev.mekiki.launcher.command.options.ExitCode;
import dev.mekiki.samples.SamplePicture;
import dev.mekiki.samples.SampleSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/// `centers fit` and `centers add` from image files to a bundle that can be read.
@TestInstance(Lifecycle.PER_CLASS)
class CentersOfCodesTest {
  private static final int DRAWN = 24;

  @TempDir private static Path directory;
  private Path images = Path.of("");
  private int files;

  @BeforeAll
  void drawPictures() throws IOException {
    images = Files.createDirectory(directory.resolve("images"));
    SampleSet drawn = SampleSet.drawn(DRAWN);
    for (SamplePicture picture : drawn.pictures()) {
      Files.write(images.resolve("%03d.jpg".formatted(files++)), drawn.bytes(picture));
    }
  }

  @Test
  void fittedCentersLieNearerAndTheNetworkStays() throws IOException {
    Path out = directory.resolve("fitted.mekiki");
    JsonNode result = fit("--count", "16", "--out", out.toString(), "--json").json();

    Bundle fitted = Bundle.read(out);
    assertThat(fitted.networkId()).isEqualTo(Bundle.builtIn().networkId());
    assertThat(fitted.weights()).isEqualTo(Bundle.builtIn().weights());
    assertThat(fitted.centers().labels())
        .isEqualTo(IntStream.range(0, 16).mapToObj(i -> "cluster-" + i).toList());
    assertThat(fitted.centers().minimumDistance())
        .isEqualTo(result.get("after").get("min_distance").intValue())
        .isGreaterThanOrEqualTo(result.get("target_distance").intValue());
    assertThat(fitted.manifest().training().settings())
        .containsEntry("centers", "fitted to %d codes, seed 1".formatted(files))
        .containsKey("center_minimum_distance");
    assertThat(result.get("codes").intValue()).isEqualTo(files);
    assertThat(result.get("before").get("centers").intValue()).isEqualTo(100);
    assertThat(result.get("after").get("mean_shell").doubleValue())
        .isLessThan(result.get("before").get("mean_shell").doubleValue());
    assertThat(result.get("after").get("probed").doubleValue()).isBetween(0.0, 7.0);
  }

  /// Over several draws, for a few codes may lie nearer by chance.
  @Test
  void codesThatHadNoSayLieFartherThanTheFitted() throws IOException {
    double fitted = 0;
    double heldOut = 0;
    for (int seed = 1; seed <= 6; seed++) {
      Path out = directory.resolve("drawn-%d.mekiki".formatted(seed));
      JsonNode result =
          fit("--count", "16", "--seed", Integer.toString(seed), "--out", out.toString(), "--json")
              .json();
      fitted += result.get("after").get("mean_shell").doubleValue();
      heldOut += result.get("held_out").get("mean_shell").doubleValue();
    }

    assertThat(heldOut).isGreaterThan(fitted);
  }

  @Test
  void theSameSeedGivesTheSameFile() throws IOException {
    Path first = directory.resolve("first.mekiki");
    Path second = directory.resolve("second.mekiki");
    fit("--count", "8", "--seed", "5", "--out", first.toString(), "--json").json();
    fit("--count", "8", "--seed", "5", "--out", second.toString(), "--json").json();

    assertThat(second).hasSameBinaryContentAs(first);
  }

  @Test
  void peopleGetATableOfBeforeAndAfter() {
    Execution result =
        fit("--count", "4", "--distance", "20", "--out", directory.resolve("t.mekiki").toString());

    assertThat(result.exitCode()).as(result.err()).isEqualTo(ExitCode.OK);
    assertThat(result.out())
        .contains(
            "before",
            "after",
            "of codes held out",
            "partitions probed for an image, of 7 others",
            "largest bucket");
  }

  @Test
  void aDistanceThatCannotBeKeptIsTold() throws IOException {
    // Of three codes of 64 bits two are 42 apart at most.
    Path out = directory.resolve("wide.mekiki");
    Execution result = fit("--count", "3", "--distance", "44", "--out", out.toString(), "--json");

    assertThat(result.json().get("target_distance").intValue()).isEqualTo(44);
    assertThat(result.err()).contains("centers keep distance", "(wanted: 44)");
    assertThat(Bundle.read(out).centers().minimumDistance()).isBetween(38, 42);
  }

  @Test
  void anAddedCenterLeavesTheOthersAsTheyAre() throws IOException {
    Path out = directory.resolve("added.mekiki");
    Path broken = Files.createDirectories(directory.resolve("class"));
    Files.copy(images.resolve("000.jpg"), broken.resolve("good.jpg"));
    BrokenPicture.write(broken.resolve("bad.jpg"));
    Execution result =
        execute(
            "add",
            "built-in",
            "--images",
            broken.toString(),
            "--label",
            "new",
            "--out",
            out.toString(),
            "--json");
    JsonNode json = result.json();

    CenterTable old = Bundle.builtIn().centers();
    Bundle added = Bundle.read(out);
    assertThat(added.networkId()).isEqualTo(Bundle.builtIn().networkId());
    assertThat(added.centers().size()).isEqualTo(101);
    assertThat(added.centers().centers().subList(0, 100)).isEqualTo(old.centers());
    assertThat(added.centers().label(100)).isEqualTo("new");
    assertThat(added.centers().minimumDistance()).isEqualTo(old.minimumDistance());
    assertThat(added.manifest().training().settings())
        .containsEntry("center_new", "added from 1 codes");
    assertThat(json.get("images").intValue()).isEqualTo(1);
    assertThat(json.get("left_out").intValue()).isEqualTo(1);
    assertThat(result.err()).contains("left out: " + broken.resolve("bad.jpg"));

    execute(
            "add",
            out.toString(),
            "--images",
            broken.toString(),
            "--label",
            "new",
            "--out",
            directory.resolve("twice.mekiki").toString())
        .assertFailedWith(ExitCode.USAGE, "--label: 'new' is there already");
  }

  @Test
  void addTellsPeopleWhereTheImagesLie() {
    Execution result =
        execute(
            "add",
            "built-in",
            "--images",
            images.toString(),
            "--label",
            "drawn",
            "--out",
            directory.resolve("drawn.mekiki").toString());

    assertThat(result.exitCode()).as(result.err()).isEqualTo(ExitCode.OK);
    assertThat(result.out()).contains("images in the new bucket", " of " + files);
  }

  @Test
  void misuseIsToldBeforeAnythingIsWritten() throws IOException {
    String empty = Files.createDirectories(directory.resolve("empty")).toString();
    String text = Files.writeString(directory.resolve("text.mekiki"), "hello").toString();
    String unreadable = Files.createDirectories(directory.resolve("unreadable")).toString();
    BrokenPicture.write(Path.of(unreadable, "a.png"));
    String out = directory.resolve("never.mekiki").toString();

    fit("--count", "0", "--out", out).assertFailedWith(ExitCode.USAGE, "centers: 0 of 64 bits");
    fit("--count", "3", "--distance", "65", "--out", out)
        .assertFailedWith(ExitCode.USAGE, "distance: 65 (expected: 1 to 64)");
    fit("--out", out).assertFailedWith(ExitCode.USAGE, "--count");
    fit("--count", "3", "--topic", "--out", out).assertFailedWith(ExitCode.USAGE, "--topic");
    execute("fit", "none.mekiki", "--images", empty, "--count", "3", "--out", out)
        .assertFailedWith(ExitCode.FAILED, "none.mekiki: no such file");
    execute("fit", text, "--images", empty, "--count", "3", "--out", out)
        .assertFailedWith(ExitCode.FAILED, text);
    execute("fit", empty, "--images", empty, "--count", "3", "--out", out)
        .assertFailedWith(ExitCode.FAILED, "no such file (expected: a bundle");
    execute("fit", "built-in", "--images", empty, "--count", "3", "--out", out)
        .assertFailedWith(ExitCode.FAILED, "has no images");
    execute("add", "built-in", "--images", empty, "--label", "new", "--out", out)
        .assertFailedWith(ExitCode.FAILED, "has no images");
    execute("add", "built-in", "--images", unreadable, "--label", "new", "--out", out)
        .assertFailedWith(ExitCode.FAILED, "none of 1 files", "a.png");
    execute("add", "built-in", "--images", empty + "/none", "--label", "new", "--out", out)
        .assertFailedWith(ExitCode.FAILED, "does not exist");
    execute("add", "built-in", "--images", empty, "--label", " ", "--out", out)
        .assertFailedWith(ExitCode.USAGE, "--label");
    String known = Bundle.builtIn().centers().label(0);
    execute("add", "built-in", "--images", empty, "--label", known, "--out", out)
        .assertFailedWith(ExitCode.USAGE, "'%s' is there already".formatted(known));
    assertThat(Path.of(out)).doesNotExist();
  }

  private Execution fit(String... arguments) {
    String[] all = new String[arguments.length + 4];
    all[0] = "fit";
    all[1] = "built-in";
    all[2] = "--images";
    all[3] = images.toString();
    System.arraycopy(arguments, 0, all, 4, arguments.length);
    return execute(all);
  }

  private static Execution execute(String... arguments) {
    return Execution.ofCommand("centers", arguments);
  }
}
