import { Component, type ErrorInfo, type ReactNode } from 'react';
import { t } from '../lib/lang';
import { Button } from '../ui/Button';
import { ErrorState } from '../ui/States';

interface Props {
  /** A change of this (the address) gives the page another try. */
  reset_by: string;
  children: ReactNode;
}

/** A fault of one page leaves the navigation standing and says what to do. */
export class ErrorBoundary extends Component<Props, { error: Error | null }> {
  override state: { error: Error | null } = { error: null };

  static getDerivedStateFromError(error: unknown): { error: Error } {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }
  override componentDidCatch(error: Error, info: ErrorInfo): void {
    console.error(error, info.componentStack);
  }
  override componentDidUpdate(before: Props): void {
    if (before.reset_by !== this.props.reset_by && this.state.error) this.setState({ error: null });
  }
  override render(): ReactNode {
    const { error } = this.state;
    if (!error) return this.props.children;
    // After an upgrade of the server old parts of the page are gone; a reload brings the new ones.
    const outdated = /dynamically imported|module script|preload/i.test(error.message);
    return (
      <ErrorState
        title={t('ui.error.page')}
        error={{
          title: t(outdated ? 'ui.error.outdated' : 'ui.error.page_why'),
          detail: t('ui.error.page_do'),
        }}
      >
        <Button kind="primary" onClick={() => window.location.reload()}>
          {t('ui.error.reload')}
        </Button>
      </ErrorState>
    );
  }
}
