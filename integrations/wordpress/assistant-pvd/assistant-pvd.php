<?php
/**
 * Plugin Name:       Assistant Petites villes de demain
 * Description:       L’assistant de votre commune dans une page ou un article : un bloc, et un code court, [assistant_pvd].
 * Version:           0.1.0
 * Requires at least: 6.1
 * Requires PHP:      7.4
 * License:           MIT
 * Text Domain:       assistant-pvd
 * Domain Path:       /languages
 */

defined( 'ABSPATH' ) || exit;

// What the settings page asks for; and the widget that visitors run, with its digest.
const ASSISTANT_PVD_OPTION = 'assistant_pvd';
const ASSISTANT_PVD_FILE   = 'assistant_pvd_file';
const ASSISTANT_PVD_DAILY  = 'assistant_pvd_daily';

// WCAG 2.2, 1.4.3: between a colour and the white words on it.
const ASSISTANT_PVD_CONTRAST = 4.5;

/** What was chosen in the settings. */
function assistant_pvd_settings() {
	return wp_parse_args(
		get_option( ASSISTANT_PVD_OPTION, array() ),
		array(
			'server'  => '',
			'privacy' => '',
			'contact' => '',
			'accent'  => '#17527d',
		)
	);
}

/** The fields of the settings: their names in French, and an example of each. */
function assistant_pvd_fields() {
	return array(
		'server'  => array( __( 'Adresse du serveur de l’assistant', 'assistant-pvd' ), 'https://assistant.ma-commune.fr' ),
		'privacy' => array( __( 'Page « données personnelles » de ce site', 'assistant-pvd' ), 'https://www.ma-commune.fr/donnees' ),
		'contact' => array( __( 'Page pour écrire à la mairie (facultatif)', 'assistant-pvd' ), 'https://www.ma-commune.fr/contact' ),
		'accent'  => array( __( 'Couleur du bouton et du titre', 'assistant-pvd' ), '#17527d' ),
	);
}

/** The contrast of white words on a colour (« #17527d ») as WCAG 2 has it, from 1 to 21. */
function assistant_pvd_contrast( $colour ) {
	$luminance = 0;
	foreach ( array( 0.2126, 0.7152, 0.0722 ) as $at => $weight ) {
		$part       = hexdec( substr( $colour, 1 + 2 * $at, 2 ) ) / 255;
		$luminance += $weight * ( $part <= 0.04045 ? $part / 12.92 : pow( ( $part + 0.055 ) / 1.055, 2.4 ) );
	}
	return 1.05 / ( $luminance + 0.05 );
}

/** What a form sent, without what cannot be: that is told, and stays as it was. */
function assistant_pvd_sanitize( $sent ) {
	$kept  = assistant_pvd_settings();
	$wrong = function ( $field, $message ) {
		add_settings_error( ASSISTANT_PVD_OPTION, $field, assistant_pvd_fields()[ $field ][0] . ' : ' . $message );
	};
	foreach ( array( 'server', 'privacy', 'contact' ) as $field ) {
		$url = esc_url_raw( trim( (string) ( $sent[ $field ] ?? '' ) ), array( 'http', 'https' ) );
		if ( wp_parse_url( $url, PHP_URL_HOST ) || ( 'contact' === $field && '' === $url ) ) {
			$kept[ $field ] = 'server' === $field ? untrailingslashit( $url ) : $url;
		} else {
			$wrong( $field, __( 'écrivez l’adresse entière, depuis « https:// ».', 'assistant-pvd' ) );
		}
	}
	$colour = (string) ( $sent['accent'] ?? '' );
	if ( ! preg_match( '/^#[0-9a-f]{6}$/i', $colour ) ) {
		$wrong( 'accent', __( 'écrivez-la avec six chiffres, comme #17527d.', 'assistant-pvd' ) );
	} elseif ( assistant_pvd_contrast( $colour ) < ASSISTANT_PVD_CONTRAST ) {
		$ratio = number_format( assistant_pvd_contrast( $colour ), 2, ',', '' );
		/* translators: %s: a ratio, « 2,75 » */
		$wrong( 'accent', sprintf( __( 'son contraste avec des mots blancs est de %s pour 1, il en faut 4,5 pour que tout le monde puisse lire. Prenez-la plus sombre.', 'assistant-pvd' ), $ratio ) );
	} else {
		$kept['accent'] = $colour;
	}
	if ( $kept['server'] && ! assistant_pvd_pin( $kept['server'] ) ) {
		$kept['server'] = assistant_pvd_settings()['server'];
		$wrong( 'server', __( 'l’assistant ne répond pas à cette adresse. Vérifiez-la, ou réessayez plus tard.', 'assistant-pvd' ) );
	}
	return $kept;
}

/** Keep the address and the digest of the widget that this server has today; false when it has none. */
function assistant_pvd_pin( $server ) {
	$about   = json_decode( wp_remote_retrieve_body( wp_remote_get( $server . '/api/v1/about' ) ), true );
	$version = $about['version'] ?? '';
	$src     = $server . '/widget/' . rawurlencode( $version ) . '/assistant-pvd.js';
	$script  = $version ? wp_remote_get( $src ) : null;
	if ( 200 !== wp_remote_retrieve_response_code( $script ) ) {
		return false;
	}
	$digest = base64_encode( hash( 'sha384', wp_remote_retrieve_body( $script ), true ) );
	update_option( ASSISTANT_PVD_FILE, array( 'src' => $src, 'integrity' => 'sha384-' . $digest ) );
	return true;
}

// A server that was updated has a new file: without this, its visitors would be left with the link.
add_action(
	ASSISTANT_PVD_DAILY,
	function () {
		assistant_pvd_pin( assistant_pvd_settings()['server'] );
	}
);

register_activation_hook(
	__FILE__,
	function () {
		add_option( ASSISTANT_PVD_OPTION, array() ); // Without it, a first form would be checked twice.
		if ( ! wp_next_scheduled( ASSISTANT_PVD_DAILY ) ) {
			wp_schedule_event( time(), 'daily', ASSISTANT_PVD_DAILY );
		}
	}
);

register_deactivation_hook(
	__FILE__,
	function () {
		wp_clear_scheduled_hook( ASSISTANT_PVD_DAILY );
	}
);

/** The element, and its script at the end of the page: the block and the short code alike. */
function assistant_pvd_shown( $attributes ) {
	$settings = assistant_pvd_settings();
	$file     = get_option( ASSISTANT_PVD_FILE );
	if ( ! $settings['server'] || ! $settings['privacy'] || ! $file ) {
		return current_user_can( 'manage_options' )
			? '<p>' . esc_html__( 'L’assistant n’est pas encore réglé : menu Réglages, « Assistant PVD ». Vous seul voyez ce message.', 'assistant-pvd' ) . '</p>'
			: '';
	}
	if ( ! has_action( 'wp_footer', 'assistant_pvd_script' ) ) {
		add_action( 'wp_footer', 'assistant_pvd_script' );
	}
	$mode = 'launcher' === ( $attributes['mode'] ?? '' ) ? 'launcher' : 'inline';
	return sprintf(
		'<assistant-pvd mode="%s" privacy-url="%s"%s style="--pvd-accent:%s;--pvd-on-accent:#fff"><a href="%s">%s</a></assistant-pvd>',
		esc_attr( $mode ),
		esc_url( $settings['privacy'] ),
		$settings['contact'] ? ' contact-url="' . esc_url( $settings['contact'] ) . '"' : '',
		esc_attr( $settings['accent'] ),
		esc_url( $settings['server'] . '/poser' ),
		esc_html__( 'Poser une question sur Petites villes de demain', 'assistant-pvd' )
	);
}

/** The one script that visitors load, and only where the assistant stands. */
function assistant_pvd_script() {
	$file = get_option( ASSISTANT_PVD_FILE );
	wp_print_script_tag(
		array(
			'type'        => 'module',
			'src'         => esc_url( $file['src'] ),
			'integrity'   => $file['integrity'],
			'crossorigin' => 'anonymous',
		)
	);
}

add_action(
	'init',
	function () {
		load_plugin_textdomain( 'assistant-pvd', false, dirname( plugin_basename( __FILE__ ) ) . '/languages' );
		register_block_type( __DIR__ . '/block', array( 'render_callback' => 'assistant_pvd_shown' ) );
		add_shortcode( 'assistant_pvd', 'assistant_pvd_shown' );
	}
);

add_action(
	'admin_init',
	function () {
		register_setting( ASSISTANT_PVD_OPTION, ASSISTANT_PVD_OPTION, array( 'sanitize_callback' => 'assistant_pvd_sanitize' ) );
		add_settings_section( 'assistant_pvd', '', '__return_empty_string', ASSISTANT_PVD_OPTION );
		foreach ( assistant_pvd_fields() as $field => list( $label, $example ) ) {
			add_settings_field(
				$field,
				esc_html( $label ),
				function () use ( $field, $example ) {
					printf(
						'<input id="%1$s" name="%2$s[%1$s]" type="%3$s" value="%4$s" placeholder="%5$s" class="regular-text"%6$s>',
						esc_attr( $field ),
						esc_attr( ASSISTANT_PVD_OPTION ),
						'accent' === $field ? 'color' : 'url',
						esc_attr( assistant_pvd_settings()[ $field ] ),
						esc_attr( $example ),
						in_array( $field, array( 'server', 'privacy' ), true ) ? ' required' : ''
					);
				},
				ASSISTANT_PVD_OPTION,
				'assistant_pvd',
				array( 'label_for' => $field )
			);
		}
	}
);

add_action(
	'admin_menu',
	function () {
		$title = __( 'Assistant PVD', 'assistant-pvd' );
		add_options_page( $title, $title, 'manage_options', ASSISTANT_PVD_OPTION, 'assistant_pvd_page' );
	}
);

/** The settings page; WordPress shows what was refused above it, and checks its nonce. */
function assistant_pvd_page() {
	echo '<div class="wrap"><h1>', esc_html( get_admin_page_title() ), '</h1><form action="options.php" method="post">';
	settings_fields( ASSISTANT_PVD_OPTION );
	do_settings_sections( ASSISTANT_PVD_OPTION );
	/* translators: 1: the name of a setting of the server; 2: the address of this site */
	$origin = __( 'Le serveur de l’assistant doit admettre ce site : dans son réglage %1$s, ajoutez %2$s.', 'assistant-pvd' );
	$site   = wp_parse_url( home_url() );
	$site   = $site['scheme'] . '://' . $site['host'] . ( isset( $site['port'] ) ? ':' . $site['port'] : '' );
	printf( '<p>' . esc_html( $origin ) . '</p>', '<code>ASSISTANT_ORIGINS</code>', '<code>' . esc_html( $site ) . '</code>' );
	echo '<p>', esc_html__( 'Ensuite, posez le bloc « Assistant PVD » dans une page, ou le code court [assistant_pvd] (ou [assistant_pvd mode="launcher"] pour un bouton en bas de la fenêtre).', 'assistant-pvd' ), '</p>';
	submit_button();
	echo '</form></div>';
}
