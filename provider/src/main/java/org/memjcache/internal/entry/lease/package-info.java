/** Items by which processes tell each other what they are about to do to an entry. */
@NullMarked
package org.memjcache.internal.entry.lease;

import org.jspecify.annotations.NullMarked;
