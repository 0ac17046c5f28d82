package dev.mekiki.training.evaluation;

import dev.mekiki.encoding.bundle.Bundle;
import dev.mekiki.encoding.bundle.Manifest;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.training.data.SplitPositions;
import dev.mekiki.training.evaluation.Evaluation.Edits;
import dev.mekiki.training.evaluation.Evaluation.Network;
import dev.mekiki.training.evaluation.Evaluation.Retrieval;
import dev.mekiki.training.evaluation.Evaluation.Stage;
import dev.mekiki.training.evaluation.LabelledPictures.Division;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// One evaluation of a bundle: encodes pictures as serving does, and measures their codes.
///
/// Everything left to chance follows from the seed. Codes come out of floating point sums, so that
/// a bit all but undecided may differ between machines, and figures with it in their last digits.
public final class EvaluationRun {
  private final Bundle bundle;
  private final @Nullable LabelledPictures labelled;
  private final List<PictureFile> loose;
  private final Settings settings;
  private final EvaluationListener listener;
  private final List<Stage> stages = new ArrayList<>();

  /// What to measure, and how much of it.
  ///
  /// @param editedPictures how many pictures of a collection are edited, at most, chosen by the
  ///   seed; 0 for none
  /// @param tieOrders random orders of the database, at least 1
  public record Settings(long seed, int editedPictures, int tieOrders) {
    public Settings {
      if (editedPictures < 0) {
        throw new IllegalArgumentException(
            "edited pictures: %d (expected: at least 0)".formatted(editedPictures));
      }
      if (tieOrders < 1) {
        throw new IllegalArgumentException(
            "tie orders: %d (expected: at least 1)".formatted(tieOrders));
      }
    }
  }

  /// @param labelled pictures of known classes, for everything; null for none
  /// @param loose pictures of no classes, which are only edited; may be empty
  public EvaluationRun(
      Bundle bundle,
      @Nullable LabelledPictures labelled,
      List<PictureFile> loose,
      Settings settings,
      EvaluationListener listener) {
    this.bundle = bundle;
    this.labelled = labelled;
    this.loose = List.copyOf(loose);
    this.settings = settings;
    this.listener = listener;
  }

  /// Measures; once.
  ///
  /// @throws IOException where pictures cannot be read, or too few of them are pictures
  public Evaluation run() throws IOException {
    Retrieval retrieval = null;
    List<Edits> edits = new ArrayList<>();
    try (BulkEncoder encoder = new BulkEncoder(bundle)) {
      if (labelled != null) {
        Encoded encoded = encode(encoder, labelled);
        long start = System.nanoTime();
        retrieval =
            new RetrievalEvaluation(
                    labelled.description(),
                    labelled.classNames(),
                    bundle.centers(),
                    settings.tieOrders(),
                    settings.seed())
                .of(encoded.database(), encoded.queries(), listener);
        stages.add(stage("ask", encoded.queries().codes().size(), start));
        edit(
            encoder,
            "edit queries",
            "queries of " + labelled.description(),
            encoded.queries().files(),
            edits);
      }
      edit(encoder, "edit pictures", "pictures without classes", loose, edits);
    }
    return new Evaluation(
        network(bundle), CodeDistances.ofCenters(bundle.centers()), retrieval, edits, stages);
  }

  private Encoded encode(BulkEncoder encoder, LabelledPictures pictures) throws IOException {
    long start = System.nanoTime();
    List<Optional<HashCode>> codes = encoder.codes(pictures.files(), "encode", listener);
    stages.add(stage("encode", codes.size(), start));
    List<Integer> readable =
        IntStream.range(0, codes.size()).filter(i -> codes.get(i).isPresent()).boxed().toList();
    SplitPositions split =
        switch (pictures.division()) {
          case Division.From from ->
              new SplitPositions(
                  readable.stream().filter(i -> i < from.first()).toList(),
                  readable.stream().filter(i -> i >= from.first()).toList());
          case Division.HeldOut held -> heldOut(pictures, readable, held);
        };
    if (split.test().isEmpty() || split.training().isEmpty()) {
      throw new IOException(
          "images: %d can be read, %d of them as queries against %d (expected: at least 1 each; add pictures, or hold out another share)"
              .formatted(readable.size(), split.test().size(), split.training().size()));
    }
    return new Encoded(
        part(pictures, codes, split.training()), part(pictures, codes, split.test()));
  }

  /// As training does it, which knows nothing of files that are no pictures and of classes without
  /// any.
  private static SplitPositions heldOut(
      LabelledPictures pictures, List<Integer> readable, Division.HeldOut held) {
    int[] used =
        readable.stream().mapToInt(i -> pictures.labels()[i]).sorted().distinct().toArray();
    int[] labels =
        readable.stream().mapToInt(i -> Arrays.binarySearch(used, pictures.labels()[i])).toArray();
    SplitPositions split = SplitPositions.of(labels, used.length, held.share(), held.seed());
    return new SplitPositions(
        split.training().stream().map(readable::get).toList(),
        split.test().stream().map(readable::get).toList());
  }

  private static LabelledCodes part(
      LabelledPictures pictures, List<Optional<HashCode>> codes, List<Integer> positions) {
    return new LabelledCodes(
        positions.stream().map(pictures.files()::get).toList(),
        positions.stream().map(i -> codes.get(i).orElseThrow()).toList(),
        positions.stream().mapToInt(i -> pictures.labels()[i]).toArray());
  }

  private void edit(
      BulkEncoder encoder, String stage, String data, List<PictureFile> files, List<Edits> edits)
      throws IOException {
    if (files.isEmpty() || settings.editedPictures() == 0) {
      return;
    }
    long start = System.nanoTime();
    List<PictureFile> chosen = new ArrayList<>(files);
    Collections.shuffle(chosen, new Random(settings.seed()));
    chosen = chosen.subList(0, Math.min(chosen.size(), settings.editedPictures()));
    List<List<HashCode>> codes = encoder.copies(chosen, stage, listener);
    if (codes.isEmpty()) {
      throw new IOException(
          "pictures: none of %d files can be read (expected: JPEG, PNG, WebP, GIF, BMP, TIFF, AVIF or HEIC)"
              .formatted(files.size()));
    }
    stages.add(stage(stage, codes.size() * (1 + PictureEdit.values().length), start));
    edits.add(CodeDistances.ofCopies(data, codes, bundle.manifest().bits()));
  }

  private static Stage stage(String name, int images, long start) {
    return new Stage(name, images, (System.nanoTime() - start) / 1e9);
  }

  private static Network network(Bundle bundle) {
    Manifest manifest = bundle.manifest();
    Manifest.Training training = manifest.training();
    return new Network(
        bundle.source(),
        manifest.name(),
        manifest.networkId(),
        manifest.bits(),
        manifest.parameters().stream().mapToLong(Manifest.Tensor::size).sum(),
        training.command(),
        training.data(),
        training.seed(),
        training.epochs(),
        training.images(),
        manifest.licence(),
        new TreeMap<>(training.settings()),
        new TreeMap<>(training.metrics()));
  }

  private record Encoded(LabelledCodes database, LabelledCodes queries) {}
}
