package dev.mekiki.query.policy;

import com.google.protobuf.ByteString;
import com.google.protobuf.util.Timestamps;
import dev.mekiki.hashing.pdq.Fingerprint;
import dev.mekiki.runtime.policy.MuteId;
import dev.mekiki.runtime.policy.PolicyLimits;
import dev.mekiki.runtime.policy.PolicyRecords;
import dev.mekiki.schemas.text.BoundedText;
import dev.mekiki.schemas.v1.CreateMuteRequest;
import dev.mekiki.schemas.v1.DeleteMuteRequest;
import dev.mekiki.schemas.v1.EncodeResponse;
import dev.mekiki.schemas.v1.ListMutesResponse;
import dev.mekiki.schemas.v1.Mute;
import dev.mekiki.schemas.v1.MutedFingerprint;
import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Makes, lists and removes mutes. Thread-safe; what changes them blocks.
public final class MuteOperations {
  /// Largest radius that needs no force. Of 4.8 million pairs of 3,099 different photos 3 lay
  /// within it, the nearest at 56: in a library of a million a mute of this radius hits an
  /// unrelated picture or none. Within 80 it would be fifty.
  public static final int MAX_RADIUS = 60;

  private final PolicyStore store;
  private final PictureSource pictures;

  /// Operations on what the store holds.
  public MuteOperations(PolicyStore store, PictureSource pictures) {
    this.store = store;
    this.pictures = pictures;
  }

  /// Mutes what a request names; in place of a mute of the same, where there is one.
  ///
  /// @return the mute, in force here
  public Mute create(CreateMuteRequest request, Scope scope) throws InterruptedException {
    Mute.Builder mute =
        Mute.newBuilder()
            .setAuthor(Refusals.text("author", request.getAuthor(), PolicyLimits.AUTHOR_BYTES))
            .setReason(Refusals.text("reason", request.getReason(), PolicyLimits.TEXT_BYTES))
            .setTime(Timestamps.now());
    @Nullable String tenant = scope.chosen(request.hasTenant() ? request.getTenant() : null);
    if (tenant != null) {
      mute.setTenant(tenant);
    }
    switch (request.getWhatCase()) {
      case IMAGE_ID -> {
        refuseRadius(request, "an image is muted by its id");
        mute.setImageId(request.getImageId());
      }
      case FINGERPRINT -> mute.setFingerprint(fingerprint(request));
      case IMAGE -> mutePicture(request, mute);
      case WHAT_NOT_SET ->
          throw Refusals.invalid("mute: of nothing (expected: imageId, fingerprint or image)");
    }
    checkMute(mute.build());
    mute.setId(MuteId.of(mute.build()));
    checkRoom(mute.getId());
    store.write(store.topics().mutes(), mute.getId(), mute.build());
    return mute.build();
  }

  private void mutePicture(CreateMuteRequest request, Mute.Builder mute) {
    EncodeResponse encoded = pictures.encoded(request.getImage());
    if (encoded.getFingerprintQuality() >= Fingerprint.MIN_QUALITY) {
      mute.setFingerprint(
          MutedFingerprint.newBuilder()
              .setFingerprint(hex(encoded.getFingerprint()))
              .setRadius(radius(request, 0)));
      return;
    }
    refuseRadius(
        request,
        "its fingerprint has the quality %d, below %d, and says nothing: its bytes alone are muted"
            .formatted(encoded.getFingerprintQuality(), Fingerprint.MIN_QUALITY));
    mute.setSha256(hex(encoded.getSha256()));
  }

  private MutedFingerprint fingerprint(CreateMuteRequest request) {
    return MutedFingerprint.newBuilder()
        .setFingerprint(request.getFingerprint().getFingerprint().toLowerCase(Locale.ROOT))
        .setRadius(radius(request, request.getFingerprint().getRadius()))
        .build();
  }

  /// @param within the radius that the fingerprint names; 0 for none
  private int radius(CreateMuteRequest request, int within) {
    if (!request.hasRadius() && within == 0) {
      return pictures.fingerprintRadius();
    }
    int radius = request.hasRadius() ? request.getRadius() : within;
    if (radius < 0 || radius > Fingerprint.BITS) {
      throw Refusals.invalid("radius: %d (expected: 0..%d)".formatted(radius, Fingerprint.BITS));
    }
    if (radius > MAX_RADIUS && !request.getForce()) {
      throw Refusals.invalid(
          "radius: %d %s (expected: at most %d; or force, which mutes them all the same)"
              .formatted(
                  radius,
                  radius == Fingerprint.BITS
                      ? "mutes every picture"
                      : "mutes pictures that have nothing in common",
                  MAX_RADIUS));
    }
    return radius;
  }

  private static void refuseRadius(CreateMuteRequest request, String reason) {
    if (request.hasRadius()) {
      throw Refusals.invalid(
          "radius: %d, but %s (expected: no radius)".formatted(request.getRadius(), reason));
    }
  }

  private static void checkMute(Mute mute) {
    try {
      var _ = PolicyRecords.muted(mute);
    } catch (IllegalArgumentException e) {
      throw Refusals.invalid(String.valueOf(e.getMessage()));
    }
  }

  private void checkRoom(String id) {
    var details = store.details();
    if (details.mutes().size() >= PolicyLimits.MAX_MUTES && details.mute(id) == null) {
      throw Refusals.full(
          "mutes: %d of all tenants (expected: at most that many; remove one that is not needed)"
              .formatted(PolicyLimits.MAX_MUTES));
    }
  }

  /// The mutes that a caller sees, the newest first.
  public ListMutesResponse list(Scope scope) {
    ListMutesResponse.Builder response = ListMutesResponse.newBuilder();
    store.details().mutes().stream()
        .filter(mute -> scope.sees(owner(mute)))
        .forEach(response::addMutes);
    return response.build();
  }

  /// Removes a mute.
  ///
  /// @return the mute that was in force
  public Mute delete(DeleteMuteRequest request, Scope scope) throws InterruptedException {
    Mute mute = store.details().mute(request.getId());
    if (mute == null || !scope.sees(owner(mute))) {
      throw Refusals.notFound(
          "id: '%s' is no mute (expected: one of those that are listed, such as image/ID)"
              .formatted(BoundedText.quote(request.getId())));
    }
    store.write(store.topics().mutes(), mute.getId(), null);
    return mute;
  }

  private static @Nullable String owner(Mute mute) {
    return mute.hasTenant() ? mute.getTenant() : null;
  }

  private static String hex(ByteString bytes) {
    return HexFormat.of().formatHex(bytes.toByteArray());
  }
}
