/** The block in the editor: where the assistant stands. What visitors see is made by PHP. */
( ( { blocks, blockEditor, components, element, i18n } ) => {
	const { __ } = i18n
	const create = element.createElement
	blocks.registerBlockType( 'assistant-pvd/assistant', {
		edit: ( { attributes, setAttributes } ) => create(
			'div',
			blockEditor.useBlockProps(),
			create( components.Placeholder, {
				icon: 'format-chat',
				label: __( 'Assistant PVD', 'assistant-pvd' ),
				instructions: __( 'Les visiteurs verront ici l’assistant de la commune.', 'assistant-pvd' ),
			}, create( components.SelectControl, {
				label: __( 'Où il se tient', 'assistant-pvd' ),
				value: attributes.mode,
				options: [
					{ value: 'inline', label: __( 'Dans la page, à cet endroit', 'assistant-pvd' ) },
					{ value: 'launcher', label: __( 'Un bouton en bas de la fenêtre', 'assistant-pvd' ) },
				],
				onChange: ( mode ) => setAttributes( { mode } ),
			} ) ),
		),
		save: () => null,
	} )
} )( window.wp )
