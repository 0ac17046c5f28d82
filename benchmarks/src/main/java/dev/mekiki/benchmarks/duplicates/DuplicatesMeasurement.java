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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.opencv.core.Mat;
import org.opencv.core.MatOfByte;
import org.opencv.core.MatOfInt;
import org.opencv.imgcodecs.Imgcodecs;

/// Adds pictures, makes copies of some of them, and counts what is found of each.
final class DuplicatesMeasurement {
  private final List<Path> images;
  private final List<Path> distractors;
  private final List<Edit> edits;
  private final boolean landmarks;
  private final long seed;
  private final PrintWriter details;

  /// Pairs of different pictures that were taken for copies, each with how.
  private final Set<String> wrong = new TreeSet<>();

  /// Hashes of the whole picture, of each original.
  private final List<Hashes> hashes = new ArrayList<>();

  private final Baselines baselines = new Baselines();
  private int falseExact;

  /// @param images originals
  /// @param distractors other pictures
  /// @param details takes a line for each wrong pair
  DuplicatesMeasurement(
      List<Path> images,
      List<Path> distractors,
      List<Edit> edits,
      boolean landmarks,
      long seed,
      PrintWriter details) {
    this.images = images;
    this.distractors = distractors;
    this.edits = edits;
    this.landmarks = landmarks;
    this.seed = seed;
    this.details = details;
  }

  DuplicatesReport run(Finder finder) throws IOException, BadImageException, InterruptedException {
    addAll(finder);
    List<EditResult> results = new ArrayList<>();
    double unseen = 0;
    int unseenEdits = 0;
    try (Progress progress = new Progress("copies", (long) edits.size() * images.size())) {
      long done = 0;
      for (Edit edit : edits) {
        EditResult result = measure(finder, edit);
        results.add(result);
        unseen += edit.unseen() ? result.recall() : 0;
        unseenEdits += edit.unseen() ? 1 : 0;
        done += images.size();
        progress.stepTo(done);
      }
    }
    wrong.forEach(details::println);
    details.flush();
    Finder.Costs costs = finder.costs();
    return new DuplicatesReport(
        images.size(),
        distractors.size(),
        landmarks,
        falseExact,
        wrong.size(),
        results,
        unseenEdits == 0 ? Double.NaN : Figures.rounded(unseen / unseenEdits),
        costs.extractionMs(),
        costs.lookUpMs(),
        costs.verificationMs(),
        costs.candidatesPerArrival(),
        costs.bytesPerImage(),
        costs.arrivalsPerSecond());
  }

  private void addAll(Finder finder) throws IOException, BadImageException, InterruptedException {
    List<Path> all = new ArrayList<>(images);
    all.addAll(distractors);
    List<List<Found>> found;
    try (Progress progress = new Progress("pictures", all.size())) {
      found = finder.addAll(all, progress);
    }
    for (int number = 0; number < all.size(); number++) {
      // Before any copy: whatever is found is wrong.
      note(found.get(number), number, number, all.get(number).getFileName() + " itself");
    }
    for (Path image : images) {
      hashes.add(baselines.of(Files.readAllBytes(image)));
    }
  }

  private EditResult measure(Finder finder, Edit edit)
      throws IOException, BadImageException, InterruptedException {
    List<byte[]> copies = new ArrayList<>();
    List<Integer> originals = new ArrayList<>();
    int byPdq = 0;
    int byPhash = 0;
    for (int number = 0; number < images.size(); number++) {
      byte[] copy = copy(edit, number, background(number));
      copies.add(copy);
      originals.add(number);
      Hashes ofCopy = baselines.of(copy);
      byPdq += ofCopy.isNearByPdq(hashes.get(number)) ? 1 : 0;
      byPhash += ofCopy.isNearByPhash(hashes.get(number)) ? 1 : 0;
    }
    List<List<Found>> results = finder.findAll(copies, originals);
    int found = 0;
    int others = 0;
    for (int number = 0; number < images.size(); number++) {
      int original = number;
      List<Found> ofCopy = results.get(number);
      found += ofCopy.stream().anyMatch(one -> one.number() == original) ? 1 : 0;
      // What the copy was laid on is in the picture, too.
      others += note(ofCopy, number, background(number), edit.name());
    }
    double recall = (double) found / images.size();
    return new EditResult(
        edit.name(),
        edit.required(),
        Figures.rounded(recall),
        Figures.rounded((double) found / Math.max(1, found + others)),
        Figures.rounded((double) byPdq / images.size()),
        Figures.rounded((double) byPhash / images.size()),
        edit.unseen() || recall >= edit.required());
  }

  /// Notes what was found wrongly.
  ///
  /// @return how many
  private int note(List<Found> all, int number, int other, String how) {
    int count = 0;
    for (Found found : all) {
      if (found.number() == number || found.number() == other) {
        continue;
      }
      count++;
      falseExact += found.by() == By.BYTES ? 1 : 0;
      wrong.add("%s  %s  %s by %s".formatted(name(number), name(found.number()), how, found.by()));
    }
    return count;
  }

  private String name(int number) {
    Path path =
        number < images.size() ? images.get(number) : distractors.get(number - images.size());
    return path.getFileName().toString();
  }

  /// Number of the picture on which a copy may be laid.
  private int background(int number) {
    return distractors.isEmpty()
        ? (number + 1) % images.size()
        : images.size() + (number * 7 + 3) % distractors.size();
  }

  private byte[] copy(Edit edit, int number, int background) throws IOException {
    try (Mats mats = new Mats()) {
      Mat original = mats.add(Imgcodecs.imread(images.get(number).toString()));
      Path other =
          background < images.size()
              ? images.get(background)
              : distractors.get(background - images.size());
      Mat edited =
          edit.editor()
              .edit(
                  original,
                  new Edit.Context(
                      number,
                      new SplittableRandom(seed ^ edit.name().hashCode() * 31L + number),
                      mats.add(Imgcodecs.imread(other.toString())),
                      mats));
      MatOfByte file = mats.add(new MatOfByte());
      if (!Imgcodecs.imencode(edit.extension(), edited, file, mats.add(parameters(edit)))) {
        throw new IOException("%s of %s: not written".formatted(edit.name(), name(number)));
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
