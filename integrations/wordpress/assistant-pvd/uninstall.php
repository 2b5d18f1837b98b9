<?php
/** Leaves nothing behind, on each site of a network. */

defined( 'WP_UNINSTALL_PLUGIN' ) || exit;

$assistant_pvd_clean = function () {
	delete_option( 'assistant_pvd' );
	delete_option( 'assistant_pvd_file' );
	wp_clear_scheduled_hook( 'assistant_pvd_daily' );
};

if ( is_multisite() ) {
	foreach ( get_sites( array( 'fields' => 'ids', 'number' => 0 ) ) as $assistant_pvd_site ) {
		switch_to_blog( $assistant_pvd_site );
		$assistant_pvd_clean();
		restore_current_blog();
	}
} else {
	$assistant_pvd_clean();
}
