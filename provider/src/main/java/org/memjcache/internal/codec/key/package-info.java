/** Keys of entries to text and back; which classes can be keys. */
@NullMarked
package org.memjcache.internal.codec.key;

import org.jspecify.annotations.NullMarked;
