/** Tenants never see or clear each other's entries, and an idle tenant costs next to nothing. */
@NullMarked
package org.memjcache.tenants;

import org.jspecify.annotations.NullMarked;
