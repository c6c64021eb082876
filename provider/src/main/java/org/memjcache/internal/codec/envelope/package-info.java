/**
 * The bytes of one item: a header with format, deadline and integrity tag, then the encoded value.
 */
@NullMarked
package org.memjcache.internal.codec.envelope;

import org.jspecify.annotations.NullMarked;
