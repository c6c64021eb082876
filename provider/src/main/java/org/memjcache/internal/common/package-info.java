/** Small things that several rooms share; knows none of them. */
@NullMarked
package org.memjcache.internal.common;

import org.jspecify.annotations.NullMarked;
