package dev.mekiki.hashing.bucket;

import java.util.Comparator;

/// The order of image ids: unsigned UTF-8 bytes, which is the order of code points.
///
/// String's own order compares UTF-16 units and puts supplementary characters before U+E000 to
/// U+FFFF, so that it would disagree with any consumer that sorts the topic's keys.
public final class IdOrder {
  public static final Comparator<String> COMPARATOR = IdOrder::compare;

  private IdOrder() {}

  private static int compare(String a, String b) {
    int length = Math.min(a.length(), b.length());
    for (int i = 0; i < length; i++) {
      char x = a.charAt(i);
      char y = b.charAt(i);
      if (x != y) {
        boolean surrogateX = Character.isSurrogate(x);
        boolean surrogateY = Character.isSurrogate(y);
        return surrogateX == surrogateY ? Character.compare(x, y) : surrogateX ? 1 : -1;
      }
    }
    return Integer.compare(a.length(), b.length());
  }
}
