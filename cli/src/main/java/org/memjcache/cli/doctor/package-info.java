/** What may be wrong with servers, and what to do. */
@NullMarked
package org.memjcache.cli.doctor;

import org.jspecify.annotations.NullMarked;
