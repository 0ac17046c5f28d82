package dev.mekiki.launcher.command.centers;

import dev.mekiki.encoding.bundle.Bundle;
import dev.mekiki.launcher.center.ImageCodes;
import dev.mekiki.launcher.images.ImageFiles;
import dev.mekiki.launcher.images.LeftOutReport;
import dev.mekiki.runtime.StartException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/// What the commands that place centers by codes share.
public final class CenterSource {
  private CenterSource() {}

  /// The codes of a directory's images; files that cannot be encoded are named and left out.
  ///
  /// @throws StartException where no code is left
  public static ImageCodes codes(Bundle bundle, Path directory, PrintWriter err)
      throws IOException, InterruptedException {
    ImageFiles found = ImageFiles.find(List.of(directory));
    LeftOutReport.print(found.leftOut(), false, "", err);
    List<Path> files = found.files();
    if (files.isEmpty()) {
      throw new StartException(
          "--images: '%s' has no images (expected: at least 1 %s)"
              .formatted(directory, ImageFiles.FORMATS));
    }
    ImageCodes encoded;
    try (ProgressBar bar = progressBar("encode")) {
      bar.maxHint(files.size());
      encoded = ImageCodes.of(bundle, files, bar::step);
    }
    encoded.leftOut().forEach(reason -> err.println("mekiki: left out: " + reason));
    err.flush();
    if (encoded.codes().isEmpty()) {
      throw new StartException(
          "--images: none of %d files in '%s' can be encoded (expected: at least 1)"
              .formatted(files.size(), directory));
    }
    return encoded;
  }

  public static void reportMissedDistance(int kept, int wanted, PrintWriter err) {
    err.printf("mekiki: centers keep distance %d (wanted: %d)%n", kept, wanted);
    err.flush();
  }

  public static ProgressBar progressBar(String task) {
    return new ProgressBarBuilder()
        .setTaskName(task)
        .setStyle(ProgressBarStyle.ASCII)
        .setUpdateIntervalMillis(1_000)
        .build();
  }
}
