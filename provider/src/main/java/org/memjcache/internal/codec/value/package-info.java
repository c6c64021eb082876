/** Values to bytes and back, compact for common types, and their compression. */
@NullMarked
package org.memjcache.internal.codec.value;

import org.jspecify.annotations.NullMarked;
