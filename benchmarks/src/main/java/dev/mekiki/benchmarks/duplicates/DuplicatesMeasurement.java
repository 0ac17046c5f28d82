package dev.mekiki.benchmarks.duplicates;

import dev.mekiki.benchmarks.duplicates.Baselines.Hashes;
import dev.mekiki.benchmarks.duplicates.DuplicatesReport.EditResult;
import dev.mekiki.benchmarks.duplicates.Finder.By;
import dev.mekiki.benchmarks.duplicates.Finder.Found;
import dev.mekiki.benchmarks.report.Figures;
import dev.mekiki.benchmarks.report.Progress;
import dev.mekiki.encoding.decode.BadImageException;
import dev.mekiki.encoding.opencv.Mats;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.opencv.core.Mat;
import org.opencv.core.MatOfByte;
import org.opencv.core.MatOfInt;
import org.opencv.imgcodecs.Imgcodecs;

/// Adds pictures, makes copies of some of them, and counts what is found of each.
final class DuplicatesMeasurement {
  private final List<Original> images;
  private final List<Original> distractors;
  private final List<Edit> edits;
  private final boolean landmarks;
  private final long seed;
  private final PrintWriter details;
  private final @Nullable ReportFolder folder;

  /// Pairs of different pictures that were taken for copies, each with how.
  private final Map<Pair, Wrong> wrong = new LinkedHashMap<>();

  /// Hashes of the whole picture, of each original.
  private final List<Hashes> hashes = new ArrayList<>();

  private final Baselines baselines = new Baselines();
  private final FamilyTable families;
  private int falseExact;

  /// Two different pictures, by number.
  private record Pair(int smaller, int larger) {}

  /// A pair of different pictures that was taken for copies.
  ///
  /// @param edit null if the first was looked for as it is
  private record Wrong(String description, int number, @Nullable Edit edit, Found found) {}

  /// @param images originals
  /// @param distractors other pictures
  /// @param details takes a line for each wrong pair
  /// @param folder takes tables, a chart and pictures of wrong pairs; null for none
  DuplicatesMeasurement(
      List<Original> images,
      List<Original> distractors,
      List<Edit> edits,
      boolean landmarks,
      long seed,
      PrintWriter details,
      @Nullable ReportFolder folder) {
    this.images = images;
    this.distractors = distractors;
    this.edits = edits;
    this.landmarks = landmarks;
    this.seed = seed;
    this.details = details;
    this.folder = folder;
    families = new FamilyTable(images.stream().map(Original::family).toList());
  }

  DuplicatesReport run(Finder finder) throws IOException, BadImageException, InterruptedException {
    addAll(finder);
    List<EditResult> results = new ArrayList<>();
    try (Progress progress = new Progress("copies", (long) edits.size() * images.size())) {
      for (Edit edit : edits) {
        results.add(measure(finder, edit, progress));
      }
    }
    wrong.values().forEach(pair -> details.println(pair.description()));
    details.flush();
    double unseen =
        IntStream.range(0, edits.size())
            .filter(i -> edits.get(i).unseen())
            .mapToDouble(i -> results.get(i).recall())
            .average()
            .orElse(Double.NaN);
    Finder.Costs costs = finder.costs();
    DuplicatesReport report =
        new DuplicatesReport(
            images.size(),
            distractors.size(),
            landmarks,
            falseExact,
            wrong.size(),
            results,
            families.results(),
            Figures.rounded(unseen),
            costs.extractionMs(),
            costs.lookUpMs(),
            costs.verificationMs(),
            costs.candidatesPerArrival(),
            costs.bytesPerImage(),
            costs.arrivalsPerSecond());
    if (folder != null) {
      write(folder, report);
    }
    return report;
  }

  private void write(ReportFolder folder, DuplicatesReport report) throws IOException {
    folder.write(report);
    for (Wrong pair : wrong.values()) {
      int number = pair.number();
      Edit edit = pair.edit();
      byte[] first =
          edit == null
              ? Files.readAllBytes(picture(number).file())
              : copy(edit, number, background(number));
      folder.writePair(
          pair.description(),
          first,
          Files.readAllBytes(picture(pair.found().number()).file()),
          pair.found().overlap());
    }
  }

  private void addAll(Finder finder) throws IOException, BadImageException, InterruptedException {
    List<Original> all = new ArrayList<>(images);
    all.addAll(distractors);
    List<List<Found>> found;
    try (Progress progress = new Progress("pictures", all.size())) {
      found = finder.addAll(all.stream().map(Original::file).toList(), progress);
    }
    for (int number = 0; number < all.size(); number++) {
      // Before any copy: whatever is found is wrong.
      int _ = note(found.get(number), number, number, null);
    }
    for (Original image : images) {
      hashes.add(baselines.of(Files.readAllBytes(image.file())));
    }
  }

  private EditResult measure(Finder finder, Edit edit, Progress progress)
      throws IOException, BadImageException, InterruptedException {
    EditedCopies copies = new EditedCopies(edit);
    List<List<Found>> results = finder.findAll(copies, progress);
    int found = 0;
    int others = 0;
    for (int number = 0; number < images.size(); number++) {
      int original = number;
      List<Found> ofCopy = results.get(number);
      boolean isFound = ofCopy.stream().anyMatch(one -> one.number() == original);
      found += isFound ? 1 : 0;
      families.add(images.get(number).family(), edit, isFound);
      // What the copy was laid on is in the picture, too.
      others += note(ofCopy, number, background(number), edit);
    }
    double recall = (double) found / images.size();
    return new EditResult(
        edit.name(),
        edit.required(),
        Figures.rounded(recall),
        Figures.rounded((double) found / Math.max(1, found + others)),
        Figures.rounded((double) copies.byPdq / images.size()),
        Figures.rounded((double) copies.byPhash / images.size()),
        edit.unseen() || recall >= edit.required());
  }

  /// One copy of each original, and what hashes of the whole picture would find of them.
  private final class EditedCopies implements Copies {
    private final Edit edit;
    private int byPdq;
    private int byPhash;

    EditedCopies(Edit edit) {
      this.edit = edit;
    }

    @Override
    public List<Integer> originals() {
      return IntStream.range(0, images.size()).boxed().toList();
    }

    @Override
    public byte[] file(int number) throws IOException, BadImageException {
      byte[] copy = copy(edit, number, background(number));
      Hashes ofCopy = baselines.of(copy);
      byPdq += ofCopy.isNearByPdq(hashes.get(number)) ? 1 : 0;
      byPhash += ofCopy.isNearByPhash(hashes.get(number)) ? 1 : 0;
      return copy;
    }
  }

  /// Notes what was found wrongly.
  ///
  /// @param edit null if the picture was looked for as it is
  /// @return how many
  private int note(List<Found> all, int number, int other, @Nullable Edit edit) {
    int count = 0;
    for (Found found : all) {
      if (found.number() == number || found.number() == other) {
        continue;
      }
      count++;
      falseExact += found.by() == By.BYTES ? 1 : 0;
      String how = edit == null ? "itself" : edit.name();
      // Once, whichever of the two, and whichever edit, led to the other.
      wrong.putIfAbsent(
          new Pair(Math.min(number, found.number()), Math.max(number, found.number())),
          new Wrong(
              "%s  %s  %s by %s"
                  .formatted(
                      picture(number).name(), picture(found.number()).name(), how, found.by()),
              number,
              edit,
              found));
    }
    return count;
  }

  private Original picture(int number) {
    return number < images.size() ? images.get(number) : distractors.get(number - images.size());
  }

  /// Number of the picture on which a copy may be laid.
  private int background(int number) {
    return distractors.isEmpty()
        ? (number + 1) % images.size()
        : images.size() + (number * 7 + 3) % distractors.size();
  }

  private byte[] copy(Edit edit, int number, int background) throws IOException {
    try (Mats mats = new Mats()) {
      Mat original = mats.add(Imgcodecs.imread(images.get(number).file().toString()));
      Mat edited =
          edit.editor()
              .edit(
                  original,
                  new Edit.Context(
                      number,
                      new SplittableRandom(seed ^ edit.name().hashCode() * 31L + number),
                      mats.add(Imgcodecs.imread(picture(background).file().toString())),
                      mats));
      MatOfByte file = mats.add(new MatOfByte());
      if (!Imgcodecs.imencode(edit.extension(), edited, file, mats.add(parameters(edit)))) {
        throw new IOException(
            "%s of %s: not written".formatted(edit.name(), picture(number).name()));
      }
      return file.toArray();
    }
  }

  private static MatOfInt parameters(Edit edit) {
    return switch (edit.extension()) {
      case ".jpg" -> new MatOfInt(Imgcodecs.IMWRITE_JPEG_QUALITY, edit.quality());
      case ".webp" -> new MatOfInt(Imgcodecs.IMWRITE_WEBP_QUALITY, edit.quality());
      default -> new MatOfInt();
    };
  }
}
