package dev.mekiki.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.centers.fit.AddedCenter;
import dev.mekiki.encoding.bundle.Bundle;
import dev.mekiki.encoding.network.ViewMean;
import dev.mekiki.hashing.center.CenterTable;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.training.data.Cifar100;
import dev.mekiki.training.data.LabelledImages;
import dev.mekiki.training.evaluation.MeanAveragePrecision;
import dev.mekiki.training.loop.TrainingDevice;
import dev.mekiki.training.loop.TrainingListener;
import dev.mekiki.training.network.NetworkOutputs;
import dev.mekiki.training.network.TrainedNetwork;
import dev.mekiki.training.stages.TrainingSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.DoubleSummaryStatistics;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/// What a center added from a few images' codes is worth, measured on the test pictures of
/// CIFAR-100: ten classes lose their centers and get new ones.
///
/// Only with `-Dmekiki.cifar=DIR`. The built-in network has seen those ten in training; with
/// `-Dmekiki.epochs=N`, one is trained first that has not, N epochs for each of its stages.
final class AddedClassesTest {
  private static final int CLASSES = 10;
  private static final int DRAWS = 5;

  /// Of 100 classes: which ones a network is trained without.
  private static final int EVERY = 10;

  private List<HashCode> testCodes = List.of();
  private int[] testLabels = {};

  @Test
  @EnabledIfSystemProperty(named = "mekiki.cifar", matches = ".+")
  void addedCentersFindTheirClasses() throws Exception {
    LabelledImages.Split images = Cifar100.read(Path.of(System.getProperty("mekiki.cifar", "")));
    int epochs = Integer.getInteger("mekiki.epochs", 0);
    Bundle bundle = epochs == 0 ? Bundle.builtIn() : trainedWithoutSome(images, epochs);
    testCodes = codes(bundle, images.test());
    testLabels = images.test().labels();
    List<String> names = images.test().classNames();
    CenterTable all = bundle.centers();
    List<Integer> unseen =
        IntStream.range(0, names.size())
            .filter(label -> !all.labels().contains(names.get(label)))
            .boxed()
            .toList();

    if (!unseen.isEmpty()) {
      printRetrieval(bundle, images.training(), unseen);
    }
    for (int shots : new int[] {1, 5, 20, 100}) {
      List<Figures> figures = new ArrayList<>();
      for (int draw = 0; draw < DRAWS; draw++) {
        Random random = new Random(draw);
        List<Integer> held = new ArrayList<>(unseen);
        if (held.isEmpty()) {
          held.addAll(IntStream.range(0, names.size()).boxed().toList());
          Collections.shuffle(held, random);
          held = held.subList(0, CLASSES);
        }
        figures.add(measure(bundle, images.training(), held, shots, random));
      }
      System.out.printf("added classes: %d images each, %d draws%n", shots, DRAWS);
      print(figures);
      assertThat(figures).allSatisfy(one -> assertThat(one.smallest()).isGreaterThan(0));
    }
  }

  private static Bundle trainedWithoutSome(LabelledImages.Split images, int epochs)
      throws Exception {
    return new TrainingRun(
            withoutSome(images.training()),
            withoutSome(images.test()),
            TrainingSettings.defaults(List.of(64), epochs, epochs, 1),
            TrainingDevice.CPU)
        .run("without some", "AddedClassesTest", null, false, TrainingListener.SILENT)
        .bundles()
        .getFirst();
  }

  private static LabelledImages withoutSome(LabelledImages images) {
    List<Integer> seen =
        IntStream.range(0, images.size())
            .filter(i -> images.labels()[i] % EVERY != 0)
            .boxed()
            .toList();
    List<String> names =
        IntStream.range(0, images.classNames().size())
            .filter(label -> label % EVERY != 0)
            .mapToObj(images.classNames()::get)
            .toList();
    return new LabelledImages(
        images.description() + " without every tenth class",
        images.side(),
        names,
        seen.stream().map(images.pixels()::get).toList(),
        seen.stream()
            .mapToInt(i -> names.indexOf(images.classNames().get(images.labels()[i])))
            .toArray());
  }

  /// MAP of the test pictures against all training pictures, which a center more does not change:
  /// the codes stay as they are.
  private void printRetrieval(Bundle bundle, LabelledImages training, List<Integer> unseen) {
    MeanAveragePrecision all = new MeanAveragePrecision(codes(bundle, training), training.labels());
    for (boolean seen : new boolean[] {false, true}) {
      List<Integer> queries =
          IntStream.range(0, testLabels.length)
              .filter(i -> unseen.contains(testLabels[i]) != seen)
              .boxed()
              .toList();
      System.out.printf(
          "MAP of the classes %s training: %.3f%n",
          seen ? "of the" : "held out of",
          all.of(
              queries.stream().map(testCodes::get).toList(),
              queries.stream().mapToInt(i -> testLabels[i]).toArray()));
    }
  }

  /// Shares of the test pictures whose nearest center is their class's.
  ///
  /// @param trained of the held-out classes, with the centers of training
  /// @param othersTrained of the other classes, with the centers of training
  /// @param others of the other classes, without the held-out centers
  /// @param added of the held-out classes, with added centers
  /// @param othersAdded of the other classes, with added centers
  /// @param moved bits that added centers lie from their majority, mean
  /// @param smallest distance of two centers
  private record Figures(
      double trained,
      double othersTrained,
      double others,
      double added,
      double othersAdded,
      double moved,
      int smallest) {}

  private Figures measure(
      Bundle bundle, LabelledImages training, List<Integer> held, int shots, Random random) {
    List<String> names = training.classNames();
    CenterTable all = bundle.centers();
    Set<Integer> heldSet = new HashSet<>(held);
    List<Integer> kept =
        IntStream.range(0, all.size())
            .filter(center -> !heldSet.contains(names.indexOf(all.label(center))))
            .boxed()
            .toList();
    CenterTable without =
        new CenterTable(
            all.bits(),
            kept.stream().map(all::center).toList(),
            kept.stream().map(all::label).toList());
    CenterTable table = without;
    double moved = 0;
    for (int label : held) {
      List<Integer> pictures =
          new ArrayList<>(
              IntStream.range(0, training.size())
                  .filter(i -> training.labels()[i] == label)
                  .boxed()
                  .toList());
      Collections.shuffle(pictures, random);
      AddedCenter added =
          AddedCenter.to(table, codes(bundle, training.subset(pictures.subList(0, shots))));
      moved += (double) added.movedBits() / held.size();
      table = table.plus(added.code(), names.get(label));
    }
    assertThat(table.minimumDistance()).isGreaterThanOrEqualTo(without.minimumDistance());
    return new Figures(
        accuracy(all, names, heldSet, true),
        accuracy(all, names, heldSet, false),
        accuracy(without, names, heldSet, false),
        accuracy(table, names, heldSet, true),
        accuracy(table, names, heldSet, false),
        moved,
        table.minimumDistance());
  }

  private double accuracy(
      CenterTable table, List<String> names, Set<Integer> held, boolean ofHeld) {
    int pictures = 0;
    int right = 0;
    for (int i = 0; i < testLabels.length; i++) {
      if (held.contains(testLabels[i]) == ofHeld) {
        pictures++;
        String found = table.label(table.cell(testCodes.get(i)).center());
        right += found.equals(names.get(testLabels[i])) ? 1 : 0;
      }
    }
    return (double) right / pictures;
  }

  private static void print(List<Figures> figures) {
    print("held out, centers of training", figures.stream().mapToDouble(Figures::trained));
    print("held out, centers added", figures.stream().mapToDouble(Figures::added));
    print("others, centers of training", figures.stream().mapToDouble(Figures::othersTrained));
    print("others, before adding", figures.stream().mapToDouble(Figures::others));
    print("others, after adding", figures.stream().mapToDouble(Figures::othersAdded));
    print("bits from the majority", figures.stream().mapToDouble(Figures::moved));
    print("smallest distance", figures.stream().mapToDouble(Figures::smallest));
  }

  private static void print(String what, DoubleStream values) {
    DoubleSummaryStatistics statistics = values.summaryStatistics();
    System.out.printf(
        "  %-32s %.3f (%.3f to %.3f)%n",
        what, statistics.getAverage(), statistics.getMin(), statistics.getMax());
  }

  private static List<HashCode> codes(Bundle bundle, LabelledImages images) {
    TrainedNetwork network = TrainedNetwork.of(bundle);
    HashCode[] codes = new HashCode[images.size()];
    NetworkOutputs.of(
        network,
        images,
        TrainingDevice.CPU,
        (from, n, outputs, features) ->
            Arrays.setAll(
                codes,
                i ->
                    i < from || i >= from + n
                        ? codes[i]
                        : HashCode.fromOutputs(
                            ViewMean.hash(
                                outputs,
                                i - from,
                                network.preprocessing().views().size(),
                                network.outputs()))));
    return List.of(codes);
  }
}
