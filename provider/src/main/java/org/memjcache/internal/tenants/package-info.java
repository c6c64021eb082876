/** What the integrations with frameworks have in common that know tenants. */
@NullMarked
package org.memjcache.internal.tenants;

import org.jspecify.annotations.NullMarked;
