@NullMarked
package dev.mekiki.encoder.commit;

import org.jspecify.annotations.NullMarked;
