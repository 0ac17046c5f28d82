package dev.mekiki.encoding.align;

/// Finds square blocks of one grey picture in another of the same size, close to their places, by
/// normalised correlation. For one pair of pictures and one thread.
///
/// Blocks overlap, and all are looked for at the same offsets. So the products of one offset are
/// summed once for each cell of the picture, in loops along whole rows, and each block adds up its
/// cells: about a quarter of the time that template matching takes block by block.
final class BlockSearch {
  /// Side of a cell, in pixels: sides of blocks, and steps between them, are multiples of it.
  static final int CELL = 8;

  // By rows. Both are read at one index in the loop that matters, which the compiler vectorises.
  private final float[][] target;
  private final float[][] shifted;

  private final float[] searched;
  private final int width;
  private final int height;
  private final int cellsAcross;
  private final int side;
  private final int pad;
  private final int paddedWidth;
  private final float[] columns;
  private final float[] cells;

  // Summed area tables of the picture that is searched, one row and column larger than it.
  private final double[] sums;
  private final double[] squares;

  /// @param target grey values, row by row
  /// @param searched likewise
  /// @param side of a block, in pixels
  /// @param reach largest offset, in pixels
  BlockSearch(byte[] target, byte[] searched, int width, int height, int side, int reach) {
    this.width = width;
    this.height = height;
    this.side = side;
    cellsAcross = width / CELL;
    pad = reach;
    paddedWidth = width + 2 * pad;
    columns = new float[width];
    cells = new float[cellsAcross * (height / CELL)];
    this.target = new float[height][width];
    shifted = new float[height + 2 * pad][width];
    this.searched = new float[paddedWidth * (height + 2 * pad)];
    sums = new double[(width + 1) * (height + 1)];
    squares = new double[sums.length];
    for (int y = 0; y < height; y++) {
      double sum = 0;
      double square = 0;
      for (int x = 0; x < width; x++) {
        this.target[y][x] = target[y * width + x] & 0xFF;
        int value = searched[y * width + x] & 0xFF;
        this.searched[(y + pad) * paddedWidth + x + pad] = value;
        sum += value;
        square += value * value;
        int below = (y + 1) * (width + 1) + x + 1;
        sums[below] = sums[below - width - 1] + sum;
        squares[below] = squares[below - width - 1] + square;
      }
    }
  }

  /// A block, and where it was found.
  static final class Block {
    final int x;
    final int y;
    private final double sum;
    private final double deviation;
    private double correlation = -1;
    private int dx;
    private int dy;

    private Block(int x, int y, double sum, double deviation) {
      this.x = x;
      this.y = y;
      this.sum = sum;
      this.deviation = deviation;
    }

    /// Of the best place found, -1 to 1.
    double correlation() {
      return correlation;
    }

    /// Pixels from its place to the best one.
    int dx() {
      return dx;
    }

    /// Pixels from its place to the best one.
    int dy() {
      return dy;
    }
  }

  /// A block of the target whose upper left corner is given, in pixels; both are multiples of
  /// {@link #CELL}.
  Block block(int x, int y) {
    double sum = 0;
    double square = 0;
    for (int row = y; row < y + side; row++) {
      for (int column = x; column < x + side; column++) {
        double value = target[row][column];
        sum += value;
        square += value * value;
      }
    }
    double pixels = (double) side * side;
    return new Block(x, y, sum, Math.sqrt(Math.max(0, square - sum * sum / pixels)));
  }

  /// Standard deviation of the block's values.
  double deviation(Block block) {
    return block.deviation / side;
  }

  /// Looks for all blocks.
  ///
  /// @param stride from one offset to the next, in pixels; from 2 on the surroundings of the best
  ///   are looked at, too
  void find(Iterable<Block> blocks, int stride) {
    for (int dx = -pad; dx <= pad; dx += stride) {
      for (int row = 0; row < shifted.length; row++) {
        System.arraycopy(searched, row * paddedWidth + dx + pad, shifted[row], 0, width);
      }
      for (int dy = -pad; dy <= pad; dy += stride) {
        multiply(dy);
        for (Block block : blocks) {
          if (isInside(block, dx, dy)) {
            take(block, dx, dy, product(block));
          }
        }
      }
    }
    if (stride > 1) {
      blocks.forEach(block -> searchAround(block, stride - 1));
    }
  }

  /// Sums the products of both pictures at an offset, in each cell. Sums are exact: they are below
  /// 2^24.
  private void multiply(int dy) {
    for (int row = 0; row + CELL <= height; row += CELL) {
      multiplyRows(row, row + dy + pad);
      int cell = row / CELL * cellsAcross;
      for (int x = 0; x < cellsAcross; x++) {
        int first = x * CELL;
        cells[cell + x] =
            (columns[first] + columns[first + 1])
                + (columns[first + 2] + columns[first + 3])
                + ((columns[first + 4] + columns[first + 5])
                    + (columns[first + 6] + columns[first + 7]));
      }
    }
  }

  /// Eight rows at once, so that sums stay in registers.
  private void multiplyRows(int t, int s) {
    multiplyRows(
        columns,
        target[t],
        shifted[s],
        target[t + 1],
        shifted[s + 1],
        target[t + 2],
        shifted[s + 2],
        target[t + 3],
        shifted[s + 3],
        false);
    multiplyRows(
        columns,
        target[t + 4],
        shifted[s + 4],
        target[t + 5],
        shifted[s + 5],
        target[t + 6],
        shifted[s + 6],
        target[t + 7],
        shifted[s + 7],
        true);
  }

  private static void multiplyRows(
      float[] sums,
      float[] a,
      float[] b,
      float[] c,
      float[] d,
      float[] e,
      float[] f,
      float[] g,
      float[] h,
      boolean adds) {
    if (adds) {
      for (int x = 0; x < sums.length; x++) {
        sums[x] = sums[x] + (a[x] * b[x] + c[x] * d[x]) + (e[x] * f[x] + g[x] * h[x]);
      }
    } else {
      for (int x = 0; x < sums.length; x++) {
        sums[x] = (a[x] * b[x] + c[x] * d[x]) + (e[x] * f[x] + g[x] * h[x]);
      }
    }
  }

  private boolean isInside(Block block, int dx, int dy) {
    return block.x + dx >= 0
        && block.y + dy >= 0
        && block.x + dx + side <= width
        && block.y + dy + side <= height;
  }

  private double product(Block block) {
    double product = 0;
    int first = block.y / CELL * cellsAcross + block.x / CELL;
    int span = side / CELL;
    for (int row = 0; row < span; row++) {
      for (int column = 0; column < span; column++) {
        product += cells[first + row * cellsAcross + column];
      }
    }
    return product;
  }

  private void take(Block block, int dx, int dy, double product) {
    int above = (block.y + dy) * (width + 1) + block.x + dx;
    int below = above + side * (width + 1);
    double sum = sums[below + side] - sums[below] - sums[above + side] + sums[above];
    double square = squares[below + side] - squares[below] - squares[above + side] + squares[above];
    double pixels = (double) side * side;
    double variance = square - sum * sum / pixels;
    if (variance <= 0) {
      return;
    }
    double correlation =
        (product - block.sum * sum / pixels) / (block.deviation * Math.sqrt(variance));
    if (correlation > block.correlation) {
      block.correlation = correlation;
      block.dx = dx;
      block.dy = dy;
    }
  }

  private void searchAround(Block block, int radius) {
    int middleX = block.dx;
    int middleY = block.dy;
    for (int dy = middleY - radius; dy <= middleY + radius; dy++) {
      for (int dx = middleX - radius; dx <= middleX + radius; dx++) {
        if (Math.max(Math.abs(dx), Math.abs(dy)) <= pad && isInside(block, dx, dy)) {
          take(block, dx, dy, directProduct(block, dx, dy));
        }
      }
    }
  }

  private double directProduct(Block block, int dx, int dy) {
    double product = 0;
    for (int y = block.y; y < block.y + side; y++) {
      int s = (y + dy + pad) * paddedWidth + dx + pad;
      for (int x = block.x; x < block.x + side; x++) {
        product += target[y][x] * searched[s + x];
      }
    }
    return product;
  }
}
