package dev.mekiki.query.api;

import com.google.protobuf.ByteString;
import dev.mekiki.query.cluster.ClusterView;
import dev.mekiki.query.cluster.Deadline;
import dev.mekiki.query.policy.PictureSource;
import dev.mekiki.schemas.image.ImageId;
import dev.mekiki.schemas.v1.EncodeRequest;
import dev.mekiki.schemas.v1.EncodeResponse;
import dev.mekiki.schemas.v1.MatchRules;
import dev.mekiki.schemas.v1.PlacedImage;
import org.jspecify.annotations.Nullable;

/// What decisions are about, from the instances of the active generation. Thread-safe.
record BackendPictures(Backend backend, RequestCheck check) implements PictureSource {
  @Override
  public PlacedImage indexed(String id, @Nullable String tenant) throws InterruptedException {
    ImageId imageId = check.id(id);
    return backend.placedImage(backend.generation(), imageId, tenant).image();
  }

  @Override
  public EncodeResponse encoded(ByteString picture) {
    check.imageBytes(picture.size());
    return backend
        .encoders()
        .encode(
            EncodeRequest.newBuilder().setImage(picture).build(),
            backend.generation().network(),
            Deadline.after(backend.limits().encodeTimeout()));
  }

  @Override
  public int fingerprintRadius() {
    return rules().getLimits().getFingerprintRadius();
  }

  /// By what the index instances decide.
  ///
  /// @throws ApiException UNAVAILABLE where none says
  MatchRules rules() {
    return backend
        .clients()
        .rules(view(), Deadline.after(backend.limits().searchTimeout()))
        .orElseThrow(() ->
            ApiException.unavailable(
                "no index instance says what a match is (expected: a running one; start it with"
                    + " `mekiki index`)"));
  }

  private ClusterView view() {
    return backend.view(backend.generation());
  }
}
