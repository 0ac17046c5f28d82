package dev.mekiki.training.evaluation;

import dev.mekiki.hashing.code.HashCode;
import java.util.List;

/// Codes of pictures of known classes.
///
/// @param files one for each code; read only where a picture is shown
/// @param labels class of each; not copied
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
public record LabelledCodes(List<PictureFile> files, List<HashCode> codes, int[] labels) {
  public LabelledCodes {
    files = List.copyOf(files);
    codes = List.copyOf(codes);
  }
}
