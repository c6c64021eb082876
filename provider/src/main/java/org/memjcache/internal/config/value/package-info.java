/** What other rooms are configured with: plain values, which know no options. */
@NullMarked
package org.memjcache.internal.config.value;

import org.jspecify.annotations.NullMarked;
