package dev.mekiki.training.evaluation;

import dev.mekiki.encoding.bundle.Bundle;
import dev.mekiki.encoding.bundle.Manifest;
import dev.mekiki.hashing.center.CenterTable;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.training.SplitPositions;
import dev.mekiki.training.evaluation.Evaluation.Answer;
import dev.mekiki.training.evaluation.Evaluation.Edits;
import dev.mekiki.training.evaluation.Evaluation.Example;
import dev.mekiki.training.evaluation.Evaluation.Network;
import dev.mekiki.training.evaluation.Evaluation.Retrieval;
import dev.mekiki.training.evaluation.Evaluation.Stage;
import dev.mekiki.training.evaluation.LabelledPictures.Division;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// One evaluation of a bundle: encodes pictures as serving does, and measures their codes.
///
/// Everything left to chance follows from the seed. Codes come out of floating point sums, so that
/// a bit all but undecided may differ between machines, and figures with it in their last digits.
public final class EvaluationRun {
  private static final int EXAMPLES = 5;
  private static final int ANSWERS = 8;

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
        retrieval = retrieval(labelled, encoded);
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

  private static Part part(
      LabelledPictures pictures, List<Optional<HashCode>> codes, List<Integer> positions) {
    return new Part(
        positions.stream().map(pictures.files()::get).toList(),
        positions.stream().map(i -> codes.get(i).orElseThrow()).toList(),
        positions.stream().mapToInt(i -> pictures.labels()[i]).toArray());
  }

  private Retrieval retrieval(LabelledPictures pictures, Encoded encoded) {
    long start = System.nanoTime();
    Part database = encoded.database();
    Part queries = encoded.queries();
    RetrievalMeasurement measurement =
        new RetrievalMeasurement(
            database.codes(), database.labels(), settings.tieOrders(), settings.seed());
    RetrievalMeasurement.Found found = measurement.of(queries.codes(), queries.labels(), listener);
    stages.add(stage("ask", queries.codes().size(), start));
    CenterTable centers = bundle.centers();
    int known = 0;
    int right = 0;
    for (int i = 0; i < queries.codes().size(); i++) {
      String name = pictures.classNames().get(queries.labels()[i]);
      if (centers.labels().contains(name)) {
        known++;
        right += centers.label(centers.cell(queries.codes().get(i)).center()).equals(name) ? 1 : 0;
      }
    }
    double[] precisions = found.averagePrecisions();
    List<Integer> byPrecision =
        IntStream.range(0, precisions.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> precisions[i]))
            .toList();
    Examples examples = new Examples(pictures, encoded, measurement.database(), precisions);
    return new Retrieval(
        pictures.description(),
        queries.codes().size(),
        database.codes().size(),
        (int)
            IntStream.concat(Arrays.stream(database.labels()), Arrays.stream(queries.labels()))
                .distinct()
                .count(),
        found.map(),
        Arrays.stream(precisions).sum() / precisions.length,
        found.radii(),
        CodeDistances.ofBuckets(centers, database.codes()),
        known,
        known == 0 ? null : (double) right / known,
        examples.first(byPrecision.reversed()),
        examples.first(byPrecision));
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
          "pictures: none of %d files can be read (expected: JPEG, PNG, WebP, GIF or BMP)"
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

  /// @param labels class of each
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  private record Part(List<PictureFile> files, List<HashCode> codes, int[] labels) {}

  private record Encoded(Part database, Part queries) {}

  /// @param precisions average precision of each query
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  private record Examples(
      LabelledPictures pictures, Encoded encoded, RankedDatabase database, double[] precisions) {
    /// The first queries of an order, one of each class: one easy class would fill the page.
    List<Example> first(List<Integer> order) {
      Set<Integer> shown = new HashSet<>();
      return order.stream()
          .filter(i -> shown.add(encoded.queries().labels()[i]))
          .limit(EXAMPLES)
          .map(this::example)
          .toList();
    }

    private Example example(int query) {
      Part queries = encoded.queries();
      HashCode code = queries.codes().get(query);
      int label = queries.labels()[query];
      return new Example(
          queries.files().get(query).name(),
          pictures.classNames().get(label),
          precisions[query],
          database.nearest(code, ANSWERS).stream().map(i -> answer(i, code, label)).toList());
    }

    private Answer answer(int position, HashCode code, int label) {
      Part images = encoded.database();
      return new Answer(
          images.files().get(position).name(),
          pictures.classNames().get(images.labels()[position]),
          code.distance(images.codes().get(position)),
          images.labels()[position] == label);
    }
  }
}
