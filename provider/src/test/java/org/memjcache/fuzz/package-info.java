/** What fuzz targets of all packages share. */
@NullMarked
package org.memjcache.fuzz;

import org.jspecify.annotations.NullMarked;
