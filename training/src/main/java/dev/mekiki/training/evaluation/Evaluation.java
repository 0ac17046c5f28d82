package dev.mekiki.training.evaluation;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What was measured of a bundle.
///
/// @param network what the bundle says of itself
/// @param centers how its centers lie
/// @param retrieval how well its codes find pictures of the same class; null where no classes were
///   given
/// @param edits how far codes move, for each collection of pictures
/// @param stages what it took
public record Evaluation(
    Network network,
    Centers centers,
    @Nullable Retrieval retrieval,
    List<Edits> edits,
    List<Stage> stages) {
  public Evaluation {
    edits = List.copyOf(edits);
    stages = List.copyOf(stages);
  }

  /// What a bundle says of itself.
  ///
  /// @param bundle where it comes from
  /// @param id of the network
  /// @param weights number of them
  /// @param trainedOn the data
  /// @param trainingImages number of them
  /// @param settings of the training, by name
  /// @param metrics that the training measured, by name
  public record Network(
      String bundle,
      String name,
      String id,
      int bits,
      long weights,
      String command,
      String trainedOn,
      long seed,
      int epochs,
      int trainingImages,
      String licence,
      SortedMap<String, String> settings,
      SortedMap<String, Double> metrics) {
    public Network {
      settings = new TreeMap<>(settings);
      metrics = new TreeMap<>(metrics);
    }
  }

  /// How centers lie to each other.
  ///
  /// @param count of centers
  /// @param minDistance of any two, in bits; 0 for a single center
  /// @param meanDistance over all pairs, in bits
  /// @param distances number of pairs at each distance, 0 to bits
  public record Centers(int count, int minDistance, double meanDistance, List<Integer> distances) {
    public Centers {
      distances = List.copyOf(distances);
    }
  }

  /// How well codes find pictures of the same class.
  ///
  /// @param data what was measured with
  /// @param queries number of pictures asked with
  /// @param database number of pictures that were searched
  /// @param classes with a picture
  /// @param map mean average precision
  /// @param tieAveragedMapAtAll MAP\@ALL, each tie counted as the mean over all its orders, 0 to 1
  /// @param radii what lies within each radius, 0 to bits
  /// @param buckets how evenly the database fills them
  /// @param centerQueries queries whose class has a center of its name
  /// @param nearestCenterAccuracy share of these whose nearest center is that one, 0 to 1; null
  ///   where there are none
  /// @param best queries with the highest average precision, each of another class
  /// @param worst those with the lowest, likewise
  public record Retrieval(
      String data,
      int queries,
      int database,
      int classes,
      List<MapAt> map,
      double tieAveragedMapAtAll,
      List<AtRadius> radii,
      Buckets buckets,
      int centerQueries,
      @Nullable Double nearestCenterAccuracy,
      List<Example> best,
      List<Example> worst) {
    public Retrieval {
      map = List.copyOf(map);
      radii = List.copyOf(radii);
      best = List.copyOf(best);
      worst = List.copyOf(worst);
    }
  }

  /// Mean average precision within the first k images of each answer, 0 to 1: the precisions at the
  /// relevant images found there, divided by their number.
  ///
  /// @param k such as `100` or `ALL`
  /// @param value with ties in the order of the database
  /// @param mean over random orders of the database
  /// @param min over these
  /// @param max over these
  /// @param orders number of them
  public record MapAt(String k, double value, double mean, double min, double max, int orders) {}

  /// What queries find within a radius.
  ///
  /// @param radius bits
  /// @param precision mean over queries of the share of relevant images among those found, 0 where
  ///   none is
  /// @param pooledPrecision the same share of what all queries together find; 0 where that is none
  /// @param recall mean over queries of the share of relevant images that is found
  /// @param images mean number found
  /// @param empty share of the queries that find none
  public record AtRadius(
      int radius,
      double precision,
      double pooledPrecision,
      double recall,
      double images,
      double empty) {}

  /// How evenly images fill buckets, each being that of its nearest center.
  ///
  /// @param buckets one for each center
  /// @param used those with an image
  /// @param min images of a bucket
  /// @param median like `min`
  /// @param max like `min`
  /// @param effective exp of the entropy of the shares: the number of equally full buckets that
  ///   would be as uneven, 1 to `buckets`
  /// @param largestShare of all images, 0 to 1
  /// @param meanShell mean distance of images to their nearest center, in bits
  /// @param sizes images of each bucket, by center id
  public record Buckets(
      int buckets,
      int used,
      int min,
      double median,
      int max,
      double effective,
      double largestShare,
      double meanShell,
      List<Integer> sizes) {
    public Buckets {
      sizes = List.copyOf(sizes);
    }
  }

  /// How far codes move when pictures are edited.
  ///
  /// @param data which pictures
  /// @param pictures number of them
  /// @param radius bits within which a copy counts as found: 6 of 64, in proportion at other
  ///   lengths
  /// @param kinds one for each kind of edit
  /// @param unrelated the same between different pictures: what chance looks like; null where there
  ///   is one picture
  public record Edits(
      String data, int pictures, int radius, List<Moved> kinds, @Nullable Moved unrelated) {
    public Edits {
      kinds = List.copyOf(kinds);
    }
  }

  /// Distances between two codes, in bits.
  ///
  /// @param kind of edit
  /// @param p50 median
  /// @param within share within the radius, 0 to 1
  /// @param distances number of pairs at each distance, 0 to bits
  public record Moved(
      String kind,
      double mean,
      int p50,
      int p90,
      int p99,
      int max,
      double within,
      List<Integer> distances) {
    public Moved {
      distances = List.copyOf(distances);
    }
  }

  /// A query and what stands first in its answer.
  ///
  /// @param picture name of the query
  /// @param label its class
  /// @param averagePrecision over the whole database, ties averaged
  public record Example(
      String picture, String label, double averagePrecision, List<Answer> answers) {
    public Example {
      answers = List.copyOf(answers);
    }
  }

  /// An image of an answer.
  ///
  /// @param picture its name
  /// @param label its class
  /// @param distance bits
  /// @param relevant whether it is of the query's class
  public record Answer(String picture, String label, int distance, boolean relevant) {}

  /// What one stage took.
  ///
  /// @param name such as `encode`
  /// @param images encoded, or queries asked
  /// @param seconds on all cores
  public record Stage(String name, int images, double seconds) {}
}
