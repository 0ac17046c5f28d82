package dev.mekiki.index.server;

import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.match.CopyRule;
import dev.mekiki.hashing.match.Sha256;
import dev.mekiki.hashing.pdq.Fingerprint;
import dev.mekiki.schemas.v1.DecidedBy;
import dev.mekiki.schemas.v1.Placement;
import dev.mekiki.schemas.v1.SearchHit;

/// Marks the hits that bytes or fingerprints make copies of the query picture.
///
/// @param rule decides
/// @param picture the query picture
record CopyMarks(CopyRule rule, CopyRule.Picture picture) implements PartitionSearcher.Marks {
  @Override
  public void mark(SearchHit.Builder hit, Placement placement) {
    CopyRule.Picture indexed =
        new CopyRule.Picture(
            new Fingerprint(
                HashCode.fromBytes(placement.getFingerprint().toByteArray()),
                placement.getFingerprintQuality()),
            Sha256.of(placement.getSha256().toByteArray()));
    switch (rule.onSearch(picture, indexed)) {
      case SAME_BYTES -> hit.setCopyBy(DecidedBy.BYTES);
      case FINGERPRINT -> hit.setCopyBy(DecidedBy.FINGERPRINT);
      case TO_BE_ALIGNED, NONE -> {}
    }
  }
}
