package dev.mekiki.runtime.generation;

import dev.mekiki.schemas.v1.BucketPart;
import dev.mekiki.schemas.v1.Center;
import dev.mekiki.schemas.v1.Generation;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// The hash of what makes a generation: network, centers with labels, and routing.
final class ContentHash {
  /// Ends the content so that generations keep the ids they had when a radius was part of them.
  private static final int FORMER_RADIUS = 8;

  private ContentHash() {}

  /// SHA-256, 64 hexadecimal digits.
  static String of(Generation generation) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream content = new DataOutputStream(bytes)) {
      content.writeUTF(generation.getNetwork());
      content.writeInt(generation.getBits());
      content.writeInt(generation.getCentersCount());
      for (Center center : generation.getCentersList()) {
        content.writeInt(center.getCode().size());
        center.getCode().writeTo(content);
        content.writeUTF(center.getLabel());
      }
      content.writeInt(generation.getPartitions());
      content.writeInt(generation.getPartitionOfCenterCount());
      for (int partition : generation.getPartitionOfCenterList()) {
        content.writeInt(partition);
      }
      for (BucketPart part : generation.getFurtherPartitionsList()) {
        content.writeInt(part.getCenter());
        content.writeInt(part.getPartition());
      }
      content.writeInt(FORMER_RADIUS);
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
