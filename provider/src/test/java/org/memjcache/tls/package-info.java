/** TLS to real servers. */
@NullMarked
package org.memjcache.tls;

import org.jspecify.annotations.NullMarked;
