package dev.mekiki.schemas.image;

/// The headers of a record on `images` that have a meaning of their own. All others are metadata of
/// the image.
public final class ImageHeaders {
  /// The media type of the value; of CloudEvents' structured mode where it starts with {@link
  /// #STRUCTURED_CONTENT_TYPE}.
  public static final String CONTENT_TYPE = "content-type";

  /// What every CloudEvents attribute's header starts with in binary mode.
  public static final String CLOUD_EVENT_PREFIX = "ce_";

  /// The version of CloudEvents: says that a record is an event in binary mode.
  public static final String CLOUD_EVENT_SPEC_VERSION = "ce_specversion";

  /// Names an image that is held elsewhere.
  public static final String CLOUD_EVENT_DATA_REFERENCE = "ce_dataref";

  /// The media type of an event in structured mode: attributes and image in one JSON value.
  public static final String STRUCTURED_CONTENT_TYPE = "application/cloudevents";

  /// `true`: index this image without events where it is the later one of a pair.
  public static final String MUTE = "mekiki-mute";

  /// Whose image it is, unless `mekiki.tenants.header` names another header.
  public static final String TENANT = "mekiki-tenant";

  /// What the image comes from, such as one upload or one camera.
  public static final String SOURCE = "mekiki-source";

  /// The dead letter that this record is a retry of: its topic, partition and offset, separated by
  /// slashes. Passed on into the dead letter of a retry that fails again.
  public static final String RETRY_OF = "mekiki-retry-of";

  /// From when on the image is treated as deleted; see {@link ExpireTime}.
  public static final String EXPIRES = "mekiki-expires";

  /// What the names of Mekiki's own headers start with; they are no metadata.
  public static final String OWN_PREFIX = "mekiki-";

  private ImageHeaders() {}
}
