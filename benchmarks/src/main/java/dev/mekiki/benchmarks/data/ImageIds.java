package dev.mekiki.benchmarks.data;

/// Ids of numbered images, such as `image-61803399`. Their order is not that of the numbers, since
/// real ids arrive in no order either: a later image may have the smaller id.
public final class ImageIds {
  /// Largest number of images.
  public static final int MAX_COUNT = 100_000_000;

  private static final String PREFIX = "image-";
  private static final int DIGITS = 8;

  /// Prime to {@link #MAX_COUNT}, so that multiplying shuffles and loses nothing.
  private static final long MULTIPLIER = 61_803_399;

  private static final long INVERSE = inverse();

  private ImageIds() {}

  /// The id of image `number`, 0 to {@link #MAX_COUNT} - 1.
  public static String of(int number) {
    byte[] digits = new byte[DIGITS];
    int rank = rank(number);
    for (int i = DIGITS - 1; i >= 0; i--) {
      digits[i] = (byte) ('0' + rank % 10);
      rank /= 10;
    }
    return PREFIX + new String(digits, java.nio.charset.StandardCharsets.US_ASCII);
  }

  /// The rank of the id of image `number` in the order of ids.
  public static int rank(int number) {
    return (int) (number * MULTIPLIER % MAX_COUNT);
  }

  /// The number of the image of that id.
  public static int number(String id) {
    return (int) (Integer.parseInt(id, PREFIX.length(), id.length(), 10) * INVERSE % MAX_COUNT);
  }

  private static long inverse() {
    return java.math.BigInteger.valueOf(MULTIPLIER)
        .modInverse(java.math.BigInteger.valueOf(MAX_COUNT))
        .longValueExact();
  }
}
