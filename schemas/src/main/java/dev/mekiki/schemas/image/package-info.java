/// What a record on `images` says: its key as an image id and the headers with a meaning of their
/// own; how a code names the thumbnail of its image; and when an image expires. Shared by those who
/// write such records and those who read them. Depends on nothing of ours but the generated
/// messages.
///
/// Start at {@link dev.mekiki.schemas.image.ImageId}.
@NullMarked
package dev.mekiki.schemas.image;

import org.jspecify.annotations.NullMarked;
