import { render } from 'preact';
import { App } from './app.tsx';
import { health, routes, services } from './state/documents.ts';
import { startTheme } from './state/theme.ts';
import './styles/base.css';
import './styles/frame.css';
import './styles/table.css';
import './styles/parts.css';
import './styles/controls.css';

startTheme();
for (const poller of [health, routes, services]) poller.start();
const root = document.getElementById('cardea');
if (root) render(<App />, root);
