/** Java serialization behind an allow-list, the serializer unless another one is configured. */
@NullMarked
package org.memjcache.internal.codec.serialization;

import org.jspecify.annotations.NullMarked;
