package dev.mekiki.training.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// TorchScript files of a line of code and no weights.
public final class TinyBackbone {
  private TinyBackbone() {}

  /// Length of {@link #pooled}'s features.
  public static final int FEATURES = 48;

  /// The means of 4 x 4 parts of each channel: (n, 48) of (n, 3, side, side).
  public static byte[] pooled() {
    return of("torch.flatten(torch.adaptive_avg_pool2d(x, [4, 4]), 1, -1)");
  }

  /// What turns `x` into the given expression.
  public static byte[] of(String expression) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      // An object of that class whose one attribute, training, is false.
      put(zip, "data.pkl", "\u0080\u0002c__torch__\nTiny\n)\u0081}X\u0008\0\0\0training\u0089sb.");
      put(
          zip,
          "code/__torch__.py",
          """
          class Tiny(Module):
            __parameters__ = []
            __buffers__ = []
            training : bool
            def forward(self: __torch__.Tiny,
              x: Tensor) -> Tensor:
              return %s
          """
              .formatted(expression));
      put(zip, "constants.pkl", "\u0080\u0002).");
      put(zip, "version", "3\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /// Stored, for the engine reads nothing compressed.
  private static void put(ZipOutputStream zip, String name, String content) throws IOException {
    byte[] bytes = content.getBytes(StandardCharsets.ISO_8859_1);
    CRC32 checksum = new CRC32();
    checksum.update(bytes);
    ZipEntry entry = new ZipEntry("tiny/" + name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(bytes.length);
    entry.setCrc(checksum.getValue());
    zip.putNextEntry(entry);
    zip.write(bytes);
    zip.closeEntry();
  }
}
