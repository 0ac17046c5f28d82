package dev.mekiki.encoding.align;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BlockSearchTest {
  private static final int SIDE = 24;
  private static final int STEP = 16;
  private static final int REACH = 5;

  @Test
  void findsTheBestPlaceOfEachBlock() {
    Random random = new Random(7);
    for (int round = 0; round < 6; round++) {
      int width = 40 + random.nextInt(60);
      int height = 40 + random.nextInt(60);
      byte[] target = smooth(random, width, height);
      byte[] searched = smooth(random, width, height);
      BlockSearch search = new BlockSearch(target, searched, width, height, SIDE, REACH);
      List<BlockSearch.Block> blocks = blocks(search, width, height);
      search.find(blocks, 1);
      for (BlockSearch.Block block : blocks) {
        double best = -1;
        for (int dy = -REACH; dy <= REACH; dy++) {
          for (int dx = -REACH; dx <= REACH; dx++) {
            if (isInside(block.x + dx, width) && isInside(block.y + dy, height)) {
              best = Math.max(best, correlation(target, searched, width, block, dx, dy));
            }
          }
        }
        assertThat(block.correlation()).isCloseTo(best, within(1e-6));
        assertThat(correlation(target, searched, width, block, block.dx(), block.dy()))
            .isCloseTo(best, within(1e-6));
      }
    }
  }

  @Test
  void findsWhatWasMovedWithEveryStride() {
    int width = 96;
    int height = 72;
    byte[] picture = smooth(new Random(11), width + 20, height + 20);
    for (int stride = 1; stride <= 2; stride++) {
      BlockSearch search =
          new BlockSearch(
              cut(picture, width + 20, 10, 10, width, height),
              cut(picture, width + 20, 7, 14, width, height),
              width,
              height,
              SIDE,
              REACH);
      List<BlockSearch.Block> blocks = blocks(search, width, height);
      search.find(blocks, stride);
      for (BlockSearch.Block block : blocks) {
        if (isInside(block.x + 3, width) && isInside(block.y - 4, height)) {
          assertThat(List.of(block.dx(), block.dy())).isEqualTo(List.of(3, -4));
          assertThat(block.correlation()).isCloseTo(1, within(1e-9));
        }
      }
    }
  }

  private static List<BlockSearch.Block> blocks(BlockSearch search, int width, int height) {
    List<BlockSearch.Block> blocks = new ArrayList<>();
    for (int y = 0; y <= height - SIDE; y += STEP) {
      for (int x = 0; x <= width - SIDE; x += STEP) {
        blocks.add(search.block(x, y));
      }
    }
    return blocks;
  }

  private static boolean isInside(int start, int length) {
    return start >= 0 && start + SIDE <= length;
  }

  private static double correlation(
      byte[] target, byte[] searched, int width, BlockSearch.Block block, int dx, int dy) {
    double meanT = 0;
    double meanS = 0;
    for (int i = 0; i < SIDE * SIDE; i++) {
      meanT += at(target, width, block.x, block.y, i);
      meanS += at(searched, width, block.x + dx, block.y + dy, i);
    }
    meanT /= SIDE * SIDE;
    meanS /= SIDE * SIDE;
    double product = 0;
    double squareT = 0;
    double squareS = 0;
    for (int i = 0; i < SIDE * SIDE; i++) {
      double t = at(target, width, block.x, block.y, i) - meanT;
      double s = at(searched, width, block.x + dx, block.y + dy, i) - meanS;
      product += t * s;
      squareT += t * t;
      squareS += s * s;
    }
    return product / Math.sqrt(squareT * squareS);
  }

  private static int at(byte[] picture, int width, int x, int y, int i) {
    return picture[(y + i / SIDE) * width + x + i % SIDE] & 0xFF;
  }

  private static byte[] cut(
      byte[] picture, int pictureWidth, int left, int top, int width, int height) {
    byte[] part = new byte[width * height];
    for (int y = 0; y < height; y++) {
      System.arraycopy(picture, (y + top) * pictureWidth + left, part, y * width, width);
    }
    return part;
  }

  /// Random, with neighbours alike.
  private static byte[] smooth(Random random, int width, int height) {
    byte[] picture = new byte[width * height];
    double[] row = new double[width];
    for (int y = 0; y < height; y++) {
      double left = 0;
      for (int x = 0; x < width; x++) {
        left = 0.5 * left + 0.5 * random.nextInt(256);
        row[x] = 0.5 * row[x] + 0.5 * left;
        picture[y * width + x] = (byte) row[x];
      }
    }
    return picture;
  }
}
